//! What operators decide.

pub mod ceilings;

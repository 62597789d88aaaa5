//! What members may do.

pub mod check;
pub mod group;
pub mod role;

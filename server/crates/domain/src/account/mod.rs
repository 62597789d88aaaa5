//! What a person calls their own.

pub mod email;
pub mod pasted;

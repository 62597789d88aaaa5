//! What a person calls their own.

pub mod address;
pub mod deletion;
pub mod email;
pub mod pasted;
pub mod preferences;

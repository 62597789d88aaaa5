//! What the use cases of all rooms stand on.

pub mod image;
pub mod keys;
pub mod limits;
pub mod mail;
pub mod outcome;
pub mod sealing;
pub mod secret;

//! What belongs to no room: texts that people see, where something was asked for, how mail leaves.

pub mod mail;
pub mod origin;
pub mod secret_hash;
pub mod text;
pub mod visible;

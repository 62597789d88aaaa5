//! What the core asks of the outside world.

pub mod breached;
pub mod dns;
pub mod mail;
pub mod models;
pub mod outbound;
pub mod places;
pub mod smtp;

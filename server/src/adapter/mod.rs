//! What the core asks of the outside world.

pub mod dns;
pub mod mail;
pub mod outbound;
pub mod places;
pub mod smtp;

//! Proving who one is, staying signed in, and what ends that.

pub mod arrival;
pub(crate) mod ending;
mod limits;
pub mod magic_link;
mod mail_code;
mod session;

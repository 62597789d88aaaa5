//! Proving who one is, staying signed in, and what ends that.

mod by_mail;
mod ending;
mod fresh;
mod origins;
pub mod steps;

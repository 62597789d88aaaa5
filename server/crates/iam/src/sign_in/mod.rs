//! Proving who one is, staying signed in, and what ends that.

pub mod arrival;
pub(crate) mod ending;
mod limits;
pub mod magic_link;
mod mail_code;
mod session;

use crate::core::Core;

/// Signing in and out.
#[derive(Clone, Copy)]
pub struct SignIn<'a> {
    pub(crate) core: &'a Core,
}

//! Who is in a workspace, is asked to come, or asks to.

pub mod invitation;
pub mod joining;
pub mod list;
pub mod member;

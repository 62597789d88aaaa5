//! Who is in a workspace, and how they come and go.

pub mod bulk;
pub mod invitation;
pub(crate) mod joining;
mod member;

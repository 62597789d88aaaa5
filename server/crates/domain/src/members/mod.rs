//! Who is in a workspace, and who is asked to come.

pub mod invitation;
pub mod member;

//! Signing in by mail.

mod api;
mod page;

pub use page::{LoginPage, SentPage, VerifyPage, WorkspaceLoginPage};

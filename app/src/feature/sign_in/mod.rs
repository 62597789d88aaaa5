//! Signing in by mail.

mod api;
mod page;

pub use page::{LoginPage, MailForm, SentPage, VerifyPage, WorkspaceLoginPage};

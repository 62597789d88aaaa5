//! The server half of the pages: the only place that touches actix and leptos_actix.

pub mod assets;
pub mod context;
pub mod cookies;
pub mod csp;
mod document;
pub mod mailbox;
pub mod outcome;
pub mod problem;
pub mod shell;
pub mod to_app;
pub mod wanted;

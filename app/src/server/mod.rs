//! The server half of the pages: the only place that touches actix and leptos_actix.

pub mod context;
pub mod cookies;
pub mod csp;
pub mod mailbox;
pub mod problem;
pub mod shell;

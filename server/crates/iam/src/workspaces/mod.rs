//! Workspaces: their ways in, settings, beginning and end.

pub mod enter;
mod life_cycle;
mod overview;
mod ownership;
mod workspace;

//! Workspaces, how they end, and what they hold.

pub mod life_cycle;
pub mod overview;
pub mod workspace;

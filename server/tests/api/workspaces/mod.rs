//! How workspaces begin, change hands and end.

mod life_cycle;
mod ownership;

//! How workspaces begin, change hands and end.

mod begin;
mod life_cycle;
mod ownership;

//! What members may do.

pub mod group;
pub mod role;

//! What members may do.

pub mod role;

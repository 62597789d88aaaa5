//! What members may do.

mod check;
pub mod role;

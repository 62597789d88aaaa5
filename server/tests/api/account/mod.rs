//! What a person sees and changes of their own.

mod activity;
pub mod addresses;
mod addresses_undone;
mod apps;
mod concurrent;
mod deletion;
mod export;
mod pasted;
mod picture;
mod places;
mod preferences;
mod profile;
mod sessions;

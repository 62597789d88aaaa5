//! What a person sees and changes of their own.

mod activity;
mod apps;
mod concurrent;
mod export;
mod pasted;
mod places;
mod profile;
mod sessions;

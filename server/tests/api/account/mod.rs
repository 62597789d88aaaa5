//! What a person sees and changes of their own.

mod pasted;
mod profile;
mod sessions;

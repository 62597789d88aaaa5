//! Building blocks of pages.

pub mod avatar;
pub mod brand;
pub mod copy;
pub mod events;
pub mod form;
pub mod icon;
pub mod models;
pub mod pager;
pub mod parts;
pub mod passkey;
pub mod password;
pub mod query;
pub mod raw;
pub mod recovery;
pub mod script;
pub mod sessions;
pub mod sign_in_policy;
pub mod told;
pub mod toll;
pub mod words;

//! Building blocks of pages.

pub mod brand;
pub mod copy;
pub mod form;
pub mod layout;
pub mod load;
pub mod pager;
pub mod pages;
pub mod raw;
pub mod told;
pub mod words;

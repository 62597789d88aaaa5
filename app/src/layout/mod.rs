//! What stands around pages: the shell of people who are signed in, the card of sign-in, and what either shows when a page
//! does not come. Knows the parts of pages, and no page.

mod app_layout;
mod card;
mod load;
mod menus;
mod places;

pub use app_layout::{AppLayout, Width};
pub use card::{CardLayout, CustomDomain, NotFound, SignOut};
pub use load::{branded, loaded, personal, staged};

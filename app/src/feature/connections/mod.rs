//! Providers through which people sign in.

mod api;
mod callback;
mod form;
mod list;
mod own;
mod page;
mod sign_in;
mod trial;

pub use api::load_own_connections;
pub use callback::CallbackPage;
pub use form::NewConnectionPage;
pub use list::ConnectionsPage;
pub use own::OwnConnections;
pub use page::ConnectionPage;
pub use sign_in::{buttons, home, or, refused_connection};
pub use trial::ConnectionTestPage;

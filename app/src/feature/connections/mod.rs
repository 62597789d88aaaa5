//! Providers through which people sign in. The pages of a workspace's are those of the platform's, which stand at addresses of their own.

mod api;
mod callback;
mod form;
mod groups;
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
pub use sign_in::{At, buttons, home, or, refused_connection};
pub use trial::ConnectionTestPage;

use crate::ui::query::param;
use iam_types::Slug;

/// Whose providers a page is about: those of the workspace in its address, or of the platform.
fn place() -> String {
    let platform = Slug::platform();
    match param("slug") {
        none if none.is_empty() => platform.to_string(),
        // What is the platform's is nowhere else.
        slug if slug == platform.as_str() => String::new(),
        slug => slug,
    }
}

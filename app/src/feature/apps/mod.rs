//! Registering apps, connecting and trying them.

mod api;
mod list;
mod new;
mod page;
mod quickstarts;
mod settings;
mod test_sign_in;

pub use list::AppsPage;
pub use new::NewAppPage;
pub use page::AppPage;
pub use test_sign_in::TestSignInPage;

//! The viewer's own account.

mod activity;
mod address_proof;
mod addresses;
mod addresses_api;
pub(crate) mod api;
mod apps;
mod data;
mod deletion;
mod password;
mod picture;
mod profile;
mod recovery;
mod security;
mod sessions;
mod trusted_browsers;
mod two_step;

pub use activity::ActivityPage;
pub use address_proof::{RestoreAddressPage, VerifyAddressPage};
pub use addresses::AddressesPage;
pub use apps::ConnectedAppsPage;
pub use data::DataPage;
pub use deletion::DeletionPage;
pub use password::PasswordPage;
pub use profile::ProfilePage;
pub use security::SecurityPage;
pub use sessions::SessionsPage;
pub use two_step::{AuthenticatorPage, RecoveryCodesPage};

use crate::{i18n::Locale, paths, text};
use leptos::prelude::*;

/// Says that something takes a sign-in that is recent, and leads to one.
fn sign_in_first(l: Locale, why: String) -> impl IntoView {
    view! {
        <p>{why}</p>
        <p class="actions"><a class="button" href=paths::LOGIN_AGAIN>{text!(l, login.title)}</a></p>
    }
}

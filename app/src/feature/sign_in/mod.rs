//! Signing in by mail and with passkeys.

pub(crate) mod api;
mod disown;
mod page;
mod passkey;
mod passkey_api;

pub use disown::DisownPage;
pub use page::{LoginPage, MailForm, SentPage, VerifyPage, WorkspaceLoginPage};
pub use passkey::PasskeyOfferPage;
pub use passkey_api::{AddPasskey, RemovePasskey, RenamePasskey};

//! Signing in by mail and with passkeys.

pub(crate) mod api;
mod disown;
mod page;
mod passkey;
mod passkey_api;
mod password;
mod recovery;
mod two_step;
mod ways;

pub(crate) use api::{go_on, hand_over, keep_browser, let_go};
pub use disown::DisownPage;
pub use page::{LoginPage, MailForm, SentPage, VerifyPage, WorkspaceLoginPage};
pub use passkey::PasskeyOfferPage;
pub use passkey_api::{AddPasskey, RemovePasskey, RenamePasskey};
pub use password::PasswordLoginPage;
pub use recovery::RecoveryPage;
pub(crate) use recovery::words as recovery_words;
pub use two_step::{StepUpPage, TwoStepPage};

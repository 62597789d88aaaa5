//! Mails to people about how they sign in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What changed about how somebody signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecurityChange {
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// There may be a copy of a passkey, which signs in no more.
    PasskeySuspected,
    /// Who they are at a provider was linked: it lets them in from now on.
    ConnectionLinked,
    /// That was undone.
    ConnectionUnlinked,
    /// Somebody signed in, in a browser that never did before.
    NewBrowser,
    /// Two-step verification was turned on, or its app replaced.
    TwoStepOn,
    /// Two-step verification was turned off.
    TwoStepOff,
    /// New recovery codes were made.
    RecoveryCodesMade,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// A password was chosen for the first time.
    PasswordAdded,
    /// Another password was chosen.
    PasswordChanged,
    /// The password was removed.
    PasswordRemoved,
    /// The password signs in no more, since those who guess know it.
    PasswordSpent,
    /// An admin of a workspace began to recover the receiver's account.
    RecoveryByWorkspace,
    /// An operator did.
    RecoveryByOperator,
    /// That was stopped.
    RecoveryStopped,
    /// The receiver's account was recovered.
    Recovered,
    /// An address was added.
    AddressAdded,
    /// Somebody wanted to add the receiver's address to another account, which does not happen.
    AddressWanted,
    /// Another address is the primary one.
    AddressMadePrimary,
    /// The receiver's address was removed, and can be put back.
    AddressRemoved,
    /// The receiver's account ends.
    AccountEnds,
}

/// A mail to a person about their own account, ready to be put into words.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SecurityMail {
    /// Receiver.
    pub to: String,
    /// Language tag.
    pub locale: String,
    /// What changed.
    pub change: SecurityChange,
    /// The name of what it changed; of a sign-in, the client address; of a recovery code, how many are left; of an address that
    /// is wanted, who wants it; of an account that ends, the day; of a recovery, the workspace whose admin began it.
    pub name: String,
    /// In which browser.
    pub browser: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By which clock the receiver reads that, empty for UTC.
    #[serde(default)]
    pub time_zone: String,
    /// Where to look after it.
    pub url: String,
}

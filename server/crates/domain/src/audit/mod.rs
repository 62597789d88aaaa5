//! What the log tells.

mod action;
mod told;

pub use action::Action;
pub use told::{
    ChallengeRefusal, ClientRefusal, ConnectionRefusal, Counted, Ended, FactorRefusal, PasskeyRefusal,
    PasswordRefusal, PasswordSpent, RecoveryStop, Told,
};

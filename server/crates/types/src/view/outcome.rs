//! What a form came to.

use crate::ErrorCode;
use serde::{Deserialize, Serialize};

/// What a form did, where its next page cannot show it by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Done {
    /// What was typed is kept.
    Saved,
    /// A member is none any more.
    Removed,
    /// The viewer left.
    Left,
    /// The viewer is a member now.
    Joined,
    /// The viewer's request waits for an answer.
    Asked,
    /// An invitation or a request was taken back.
    Withdrawn,
    /// Somebody who asked was let in.
    Admitted,
    /// An invitation or a request was turned down.
    Declined,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// Two-step verification is off.
    TwoStepOff,
    /// The viewer has a password, or another.
    PasswordSet,
    /// The viewer has no password any more.
    PasswordRemoved,
    /// An address of the viewer's is verified.
    AddressAdded,
    /// Another address is the primary one.
    AddressPrimary,
    /// An address was removed.
    AddressRemoved,
    /// The viewer's account goes on.
    AccountKept,
    /// What linked the viewer at a provider is undone.
    Unlinked,
    /// An app has nothing of the viewer any more.
    Disconnected,
    /// So many browsers were signed out.
    SignedOut,
    /// So many members were changed.
    Changed,
    /// So many invitations are on their way.
    Sent,
    /// So many members were put into a group.
    Added,
    /// A domain's record is there.
    Proved,
    /// A domain's record is not there yet.
    Unproved,
}

/// What a form came to, told once, on the page that follows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The path of that page.
    pub page: String,
    /// Where the form was sent.
    pub form: String,
    /// Why it did not do its work.
    pub error: Option<ErrorCode>,
    /// What it did.
    pub done: Option<Done>,
    /// How many it did it to.
    pub count: usize,
    /// Lines that it did not take, with the reason.
    pub refused: Vec<(String, ErrorCode)>,
    /// What stays in its fields, by their names. Never a secret.
    pub typed: Vec<(String, String)>,
}

impl From<Done> for Told {
    fn from(done: Done) -> Self {
        Self {
            done: Some(done),
            ..Self::default()
        }
    }
}

impl Told {
    /// Tells of `count` of something, and of lines that were not taken, which stay in the field `field`.
    pub fn of_lines(done: Done, count: usize, refused: Vec<(String, ErrorCode)>, field: &str) -> Self {
        let lines: Vec<_> = refused.iter().map(|(line, _)| line.as_str()).collect();
        let typed = (!lines.is_empty()).then(|| (field.to_owned(), lines.join("\n")));
        Self {
            count,
            typed: typed.into_iter().collect(),
            refused,
            ..done.into()
        }
    }

    /// Keeps another field of a form that something is left in.
    #[must_use]
    pub fn with_field(mut self, field: &str, value: String) -> Self {
        if !self.typed.is_empty() {
            self.typed.push((field.to_owned(), value));
        }
        self
    }
}

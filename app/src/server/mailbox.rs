//! Mail caught in development.

use iam_types::view::CaughtMail;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

/// The last mails, the newest first. Present only under `rooiam dev`.
#[derive(Debug, Clone, Default)]
pub struct Mailbox(Arc<Mutex<VecDeque<CaughtMail>>>);

/// How many are kept.
const KEPT: usize = 100;

impl Mailbox {
    /// Puts a mail on top.
    pub fn catch(&self, mail: CaughtMail) {
        let mut mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        mails.push_front(mail);
        mails.truncate(KEPT);
    }

    /// All that is kept.
    pub fn mails(&self) -> Vec<CaughtMail> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }
}

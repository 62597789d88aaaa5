//! Mail that a test reads.

use async_trait::async_trait;
use iam::port::{MagicLinkMail, MailError, Mailer};
use std::sync::{Mutex, PoisonError};
use tokio::sync::Notify;

/// Keeps mail in the order it came.
#[derive(Default)]
pub struct CaughtMailer {
    mails: Mutex<Vec<MagicLinkMail>>,
    came: Notify,
}

impl CaughtMailer {
    /// Waits for the next unread mail and takes it. The test's own time limit ends a wait in vain.
    pub async fn take(&self) -> MagicLinkMail {
        loop {
            let came = self.came.notified();
            {
                let mut mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
                if !mails.is_empty() {
                    return mails.remove(0);
                }
            }
            came.await;
        }
    }
}

#[async_trait]
impl Mailer for CaughtMailer {
    async fn send(&self, mail: &MagicLinkMail) -> Result<(), MailError> {
        let copy = MagicLinkMail {
            to: mail.to.clone(),
            locale: mail.locale.clone(),
            workspace: mail.workspace.clone(),
            url: mail.url.clone(),
            code: mail.code.clone(),
            asked_by: mail.asked_by.clone(),
        };
        self.mails
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(copy);
        self.came.notify_one();
        Ok(())
    }
}

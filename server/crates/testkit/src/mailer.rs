//! Mail that a test reads.

use async_trait::async_trait;
use iam::port::{
    AddressMail, InvitationMail, MagicLinkMail, Mail, MailError, Mailer, NoticeMail, Outgoing, SecurityMail,
};
use std::sync::{Mutex, PoisonError};
use tokio::sync::Notify;

/// Keeps mail in the order it came.
#[derive(Default)]
pub struct CaughtMailer {
    mails: Mutex<Vec<Mail>>,
    came: Notify,
}

impl CaughtMailer {
    /// Waits for the next unread sign-in mail and takes it. The test's own time limit ends a wait in vain.
    pub async fn take(&self) -> MagicLinkMail {
        self.next(|mail| match mail {
            Mail::MagicLink(mail) => Some(mail.clone()),
            _ => None,
        })
        .await
    }

    /// Waits for the next unread mail to a new address and takes it.
    pub async fn take_address(&self) -> AddressMail {
        self.next(|mail| match mail {
            Mail::Address(mail) => Some(mail.clone()),
            _ => None,
        })
        .await
    }

    /// Waits for the next unread invitation and takes it.
    pub async fn take_invitation(&self) -> InvitationMail {
        self.next(|mail| match mail {
            Mail::Invitation(mail) => Some(mail.clone()),
            _ => None,
        })
        .await
    }

    /// Waits for the next unread notice and takes it.
    pub async fn take_notice(&self) -> NoticeMail {
        self.next(|mail| match mail {
            Mail::Notice(mail) => Some(mail.clone()),
            _ => None,
        })
        .await
    }

    /// Waits for the next unread mail about somebody's account and takes it.
    pub async fn take_warning(&self) -> SecurityMail {
        self.next(|mail| match mail {
            Mail::Security(mail) => Some(mail.clone()),
            _ => None,
        })
        .await
    }

    async fn next<T>(&self, wanted: impl Fn(&Mail) -> Option<T>) -> T {
        loop {
            let came = self.came.notified();
            {
                let mut mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
                let found = mails
                    .iter()
                    .enumerate()
                    .find_map(|(place, mail)| Some((place, wanted(mail)?)));
                if let Some((place, mail)) = found {
                    mails.remove(place);
                    return mail;
                }
            }
            came.await;
        }
    }
}

#[async_trait]
impl Mailer for CaughtMailer {
    async fn send(&self, outgoing: &Outgoing) -> Result<(), MailError> {
        self.mails
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(outgoing.mail.clone());
        self.came.notify_one();
        Ok(())
    }
}

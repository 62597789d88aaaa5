//! The outbox worker: takes sealed mail, hands it to the [`Mailer`], tries again with a growing pause.

use crate::{
    Iam, IamError,
    port::{Mail, Mailer},
    quota::Limit,
};
use chrono::{DateTime, TimeDelta, Utc};
use iam_store::{WorkspaceTx, outbox::ClaimedMail};
use iam_types::MailId;
use std::time::Duration;

/// A crashed worker's mail is free again after this long.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// How often the outbox is looked at when nobody says that something is in it (another node wrote it, or a retry is due).
const POLL: Duration = Duration::from_secs(2);

impl Iam {
    /// Puts a mail into the outbox, sealed; it is given up after `expires_at`. The same news about a workspace again and
    /// again is no news: beyond some it stays unsaid.
    pub(crate) async fn enqueue(
        &self,
        tx: &mut WorkspaceTx,
        mail: &Mail,
        expires_at: DateTime<Utc>,
    ) -> Result<(), IamError> {
        if let Mail::Notice(notice) = mail {
            let receiver = self.pseudonym(&notice.to);
            let key = format!("{}/{}/{receiver}", tx.workspace_id(), notice.notice.kind());
            if !self.within(Limit::Notice, &key).await {
                return Ok(());
            }
        }
        let id = MailId::from_uuid(self.new_uuid());
        let plain = match mail {
            Mail::MagicLink(mail) => serde_json::to_vec(mail),
            Mail::Invitation(mail) => serde_json::to_vec(mail),
            Mail::Notice(mail) => serde_json::to_vec(mail),
        }
        .map_err(|_| IamError::Fault("mail encoding"))?;
        let mut nonce = [0; 12];
        self.parts.entropy.fill(&mut nonce);
        let payload = self.parts.master_keys.seal(&id.to_string(), &plain, nonce)?;
        tx.enqueue_mail(id, mail.kind(), &payload, self.now(), expires_at)
            .await?;
        Ok(())
    }

    /// Sends what is due and returns how many mails left.
    ///
    /// # Errors
    /// [`IamError::Store`]; a mail that could not be sent is no error, it is tried again.
    pub async fn send_due_mail(&self, mailer: &dyn Mailer) -> Result<usize, IamError> {
        let mut sent = 0;
        while let Some(claimed) = self.parts.store.claim_mail(self.now(), LEASE).await? {
            let outcome = match self.open_mail(&claimed) {
                Ok(mail) => mailer.send(&mail).await.map_err(|error| error.to_string()),
                Err(error) => Err(error.to_string()),
            };
            match outcome {
                Ok(()) => {
                    self.parts.store.mail_sent(claimed.id, self.now()).await?;
                    sent += 1;
                }
                Err(error) => {
                    tracing::warn!(mail.id = %claimed.id, attempts = claimed.attempts, error, "mail not sent");
                    let pause = TimeDelta::seconds(5 << claimed.attempts.clamp(0, 7));
                    self.parts
                        .store
                        .mail_failed(claimed.id, &error, self.now(), self.now() + pause)
                        .await?;
                }
            }
        }
        Ok(sent)
    }

    /// Runs the worker until the task is dropped.
    pub async fn run_mail_worker(&self, mailer: &dyn Mailer) {
        loop {
            if let Err(error) = self.send_due_mail(mailer).await {
                tracing::warn!(%error, "outbox not readable");
            }
            let _woken_or_due = tokio::time::timeout(POLL, self.mail_waiting.notified()).await;
        }
    }

    fn open_mail(&self, claimed: &ClaimedMail) -> Result<Mail, IamError> {
        let plain = self
            .parts
            .master_keys
            .open(&claimed.id.to_string(), &claimed.payload)?;
        match claimed.kind.as_str() {
            "magic_link" => serde_json::from_slice(&plain).map(Mail::MagicLink),
            "invitation" => serde_json::from_slice(&plain).map(Mail::Invitation),
            "notice" => serde_json::from_slice(&plain).map(Mail::Notice),
            _ => return Err(IamError::Fault("mail of an unknown kind")),
        }
        .map_err(|_| IamError::Fault("mail decoding"))
    }
}

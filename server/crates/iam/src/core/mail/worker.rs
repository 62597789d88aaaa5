//! The worker that empties the outbox: the most urgent first, several at once, with a part of the places kept for
//! sign-in mail. It holds neither lock nor transaction while a mail is on its way.

use crate::{
    IamError,
    core::Core,
    port::{MailError, Mailer},
};
use iam_domain::core::mail::{Lane, pause_after};
use iam_store::{StoreError, outbox::ClaimedMail};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, Semaphore},
    task::JoinSet,
    time::{MissedTickBehavior, interval, sleep, timeout},
};

/// How many mails one node sends at once.
const AT_ONCE: usize = 16;
/// How many of them may be anything but sign-in mail.
const OTHERS_AT_ONCE: usize = 10;
/// How often the outbox is looked at when nobody says that something is in it (another node wrote it, or a retry is due).
const POLL: Duration = Duration::from_secs(2);
/// Pauses before trying again to write down what became of a mail: one that left must not leave again only because
/// the database was away for a moment. Together shorter than what a lease has left after the longest send.
const WRITING: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(15),
];

/// What is on its way.
struct Sends {
    places: Arc<Semaphore>,
    for_others: Arc<Semaphore>,
    tasks: JoinSet<()>,
}

impl Core {
    /// Sends mail until `stop` is notified, then lets what is on its way end.
    pub(crate) async fn run_mail_worker(&self, mailer: Arc<dyn Mailer>, stop: &Notify) {
        let mut sends = Sends {
            places: Arc::new(Semaphore::new(AT_ONCE)),
            for_others: Arc::new(Semaphore::new(OTHERS_AT_ONCE)),
            tasks: JoinSet::new(),
        };
        let mut poll = interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.notified() => break,
                () = self.mail_waiting.notified() => {}
                Some(_ended) = sends.tasks.join_next() => {}
                _ = poll.tick() => self.give_up_expired_mail().await,
            }
            if let Err(error) = self.start_due_mail(&mailer, &mut sends).await {
                tracing::warn!(%error, "outbox not readable");
            }
        }
        while sends.tasks.join_next().await.is_some() {}
    }

    async fn start_due_mail(&self, mailer: &Arc<dyn Mailer>, sends: &mut Sends) -> Result<(), IamError> {
        while let Ok(place) = Arc::clone(&sends.places).try_acquire_owned() {
            let other = Arc::clone(&sends.for_others).try_acquire_owned().ok();
            let last = if other.is_some() { Lane::LAST } else { Lane::SignIn };
            let Some(claimed) = self.deps.store.claim_mail(self.now(), last).await? else {
                break;
            };
            let other = other.filter(|_| claimed.lane != Lane::SignIn);
            let (iam, mailer) = (self.clone(), Arc::clone(mailer));
            sends.tasks.spawn(async move {
                iam.deliver(&claimed, mailer.as_ref()).await;
                drop((place, other));
            });
        }
        Ok(())
    }

    async fn give_up_expired_mail(&self) {
        match self.deps.store.give_up_expired_mail(self.now()).await {
            Ok(0) => {}
            Ok(count) => tracing::warn!(count, "mail expired before it could be sent"),
            Err(error) => tracing::warn!(%error, "outbox not readable"),
        }
    }

    /// Sends a claimed mail, unless it has lost its point since, and writes down what became of it.
    async fn deliver(&self, claimed: &ClaimedMail, mailer: &dyn Mailer) {
        let now = self.now();
        // Whatever has not left by then must not leave any more.
        let life = (claimed.expires_at - now).to_std().unwrap_or_default();
        match self.deps.store.holds_mail(claimed, now).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return tracing::warn!(%error, "outbox not readable"),
        }
        let outcome = match self.open_mail(claimed) {
            Ok(outgoing) => within(claimed.lane.deadline().min(life), mailer.send(&outgoing)).await,
            // The key may come back: see MasterKeys.
            Err(error) => Err(MailError::Later(error.to_string())),
        };
        if let Err(reason) = &outcome {
            let (kind, attempts) = (claimed.kind.as_str(), claimed.attempts);
            tracing::warn!(mail.id = %claimed.id, kind, attempts, %reason, "mail not sent");
        }
        for pause in WRITING {
            sleep(pause).await;
            match self.write_outcome(claimed, &outcome).await {
                Ok(()) => return,
                Err(error) => tracing::warn!(mail.id = %claimed.id, %error, "fate of a mail not written"),
            }
        }
    }

    async fn write_outcome(
        &self,
        claimed: &ClaimedMail,
        outcome: &Result<(), MailError>,
    ) -> Result<(), StoreError> {
        let (store, now) = (&self.deps.store, self.now());
        match outcome {
            Ok(()) => store.mail_sent(claimed, now).await,
            Err(MailError::Refused(reason)) => store.mail_refused(claimed, reason, now).await,
            Err(MailError::Later(reason)) => {
                let next = now + pause_after(claimed.attempts);
                store.mail_postponed(claimed, reason, now, next).await
            }
        }
    }
}

/// What a send came to, or that it took too long.
async fn within(limit: Duration, send: impl Future<Output = Result<(), MailError>>) -> Result<(), MailError> {
    timeout(limit, send)
        .await
        .unwrap_or_else(|_| Err(MailError::Later("timeout".to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;

    #[tokio::test(start_paused = true)]
    async fn a_send_that_hangs_ends_at_its_deadline_and_is_tried_again() {
        for lane in [Lane::SignIn, Lane::Notice, Lane::Many] {
            let begun = tokio::time::Instant::now();
            let outcome = within(lane.deadline(), pending()).await;
            assert_eq!(outcome, Err(MailError::Later("timeout".to_owned())));
            assert_eq!(begun.elapsed().as_secs(), lane.deadline().as_secs());
        }
        assert_eq!(within(Duration::from_secs(1), async { Ok(()) }).await, Ok(()));
    }
}

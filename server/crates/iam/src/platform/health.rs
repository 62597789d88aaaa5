//! How the platform is.

use crate::{Ctx, IamError, platform::Platform};
use iam_types::{Permission, view::HealthView};

/// How many reasons why mail did not leave the page of health shows.
const MOST_REASONS: i64 = 5;

impl Platform<'_> {
    /// How the platform is.
    ///
    /// # Errors
    /// As [`workspaces`](Self::workspaces).
    pub async fn health(self, ctx: &Ctx) -> Result<HealthView, IamError> {
        self.core.operate(ctx, Permission::WorkspaceRead).await?;
        let now = self.core.now();
        let begin = self.core.now();
        self.core.deps.store.ping().await?;
        let took = self.core.now() - begin;
        let health = self.core.deps.store.health(now).await?;
        Ok(HealthView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            database_version: health.server_version,
            database_micros: took.num_microseconds().unwrap_or_default(),
            database_size: health.size,
            models_until: self.core.deps.models.as_ref().map(|known| {
                let until = known.next_update();
                (until.to_string(), until < now.date_naive())
            }),
            limiter_answers: self.core.deps.limiter.ping().await,
            workspaces: health.workspaces - 1,
            suspended: health.suspended,
            people: health.people,
            sessions: health.sessions,
            mails_waiting: health.mails_waiting,
            oldest_mail: health.oldest_mail.map(|at| at.timestamp()),
            mails_failed: health.mails_failed,
            mail_reasons: self.core.deps.store.mail_reasons(MOST_REASONS).await?,
            now: now.timestamp(),
        })
    }
}

//! What keeps the log from being filled by somebody who goes on and on. Changes count against whoever makes them; what
//! others can cause without changing anything is written one by one at first, then counted, and when the hour is over
//! the log tells how often it happened. The count is in PostgreSQL from the first moment, so none of it is lost.

use crate::{
    Ctx, IamError,
    audit::Audit,
    core::{Core, limits::Limit},
    ctx::Acting,
};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use iam_domain::audit::{Action, Counted, Told};
use iam_store::{
    WorkspaceTx,
    audit::{
        event::{Event, Events},
        folded_event::{Fold, FoldedEvent},
    },
};
use iam_types::WorkspaceId;
use serde_json::Value;

/// For how long events are counted together.
const WINDOW: TimeDelta = TimeDelta::hours(1);

/// What bounds an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    /// What causes it is bounded by itself.
    Cause,
    /// Whoever makes the change.
    Person,
    /// Whoever makes the change, at one app.
    UserAtApp,
    /// Nothing: beyond some it is counted.
    Folded,
}

const fn bound(action: Action, by_somebody: bool) -> Bound {
    match action {
        Action::MagicLinkRequested
        | Action::MagicLinkRefused
        | Action::AccessDenied
        | Action::ClientRefused
        | Action::GrantRefused
        | Action::PasskeyRefused
        | Action::SecondFactorRefused
        | Action::PasswordRefused
        | Action::AddressRefused
        | Action::ConnectionRefused => Bound::Folded,
        Action::CodeIssued | Action::TokensIssued | Action::ConsentGranted | Action::ConsentDenied => {
            Bound::UserAtApp
        }
        // Each takes what is there: a mail, a challenge, a passkey, an authenticator app, a password, a code, a recovery, a trusted browser, an address (which of them is primary
        // has a limit of its own), a provider or who somebody is there, a session, a consent, tokens, a person, a workspace that was open, a
        // membership, a window. Putting an end to something must never fail.
        Action::UserCreated
        | Action::SessionCreated
        | Action::SessionEnded
        | Action::PasskeyRemoved
        | Action::ConnectionDisabled
        | Action::ConnectionDeleted
        | Action::IdentityLinked
        | Action::IdentityUnlinked
        | Action::PasskeyBlocked
        | Action::TotpRemoved
        | Action::PasswordRemoved
        | Action::PasswordSpent
        | Action::RecoveryCodeUsed
        | Action::BrowserTrustUsed
        | Action::BrowserForgotten
        | Action::RecoveryObjected
        | Action::RecoveryStopped
        | Action::RecoveryUsed
        | Action::AddressMadePrimary
        | Action::AddressRemoved
        | Action::AddressRestored
        | Action::ConsentWithdrawn
        | Action::GrantRevoked
        | Action::UserDisabled
        | Action::WorkspaceSuspended
        | Action::HostPasskeysStopped
        | Action::MemberRemoved
        | Action::SupportClosed
        | Action::SupportEntered => Bound::Cause,
        _ if by_somebody => Bound::Person,
        _ => Bound::Cause,
    }
}

/// What can be counted instead of written.
const FOLDED: [Action; 10] = [
    Action::MagicLinkRequested,
    Action::MagicLinkRefused,
    Action::AccessDenied,
    Action::ClientRefused,
    Action::GrantRefused,
    Action::PasskeyRefused,
    Action::SecondFactorRefused,
    Action::PasswordRefused,
    Action::AddressRefused,
    Action::ConnectionRefused,
];

impl Audit<'_> {
    /// Writes down what the request of `ctx` was refused, once it is over.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn write_denials(self, ctx: &Ctx) -> Result<(), IamError> {
        let Some(denial) = ctx.denials.take() else {
            return Ok(());
        };
        let tx = self.core.deps.store.in_workspace(denial.workspace).await?;
        let told = Told::access_denied(denial.permission, denial.reason);
        self.core.commit(tx, Acting::User(denial.person, ctx), told).await
    }

    /// Writes into the workspace's log how often that happened which was counted in hours that are over. Every node may
    /// run it; each count is written once.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn write_folded(self, workspace: WorkspaceId) -> Result<(), IamError> {
        let mut tx = self.core.deps.store.in_workspace(workspace).await?;
        let events = self.core.unfold(&mut tx, self.core.now() - WINDOW).await?;
        match Events::of(events) {
            Some(events) => Ok(tx.commit(events).await?),
            None => Ok(()),
        }
    }
}

impl Core {
    /// Takes one event from what its cause may write. False when it was counted instead.
    ///
    /// # Errors
    /// [`IamError::RateLimited`] for a change too much, which must not happen then.
    pub(crate) async fn admit_event(
        &self,
        tx: &mut WorkspaceTx,
        acting: Acting<'_>,
        told: &Told,
    ) -> Result<bool, IamError> {
        let person = acting.user().map(|id| id.to_string());
        if bound(told.action, person.is_some()) == Bound::Folded {
            let source = person.or_else(|| acting.request().map(Ctx::network));
            return self.fold(tx, &source.unwrap_or_default(), told).await;
        }
        self.admit_change(acting, told).await?;
        Ok(true)
    }

    /// Takes one change from what whoever makes it may change.
    ///
    /// # Errors
    /// [`IamError::RateLimited`] for a change too much, which must not happen then.
    pub(crate) async fn admit_change(&self, acting: Acting<'_>, told: &Told) -> Result<(), IamError> {
        let person = acting.user().map(|id| id.to_string());
        match (bound(told.action, person.is_some()), person) {
            (Bound::Person, Some(person)) => {
                // Whoever owns a host may hold its visitors' sessions there: what they spend is theirs.
                let here = acting
                    .request()
                    .and_then(|ctx| ctx.custom_domain.as_ref())
                    .map_or("", |own| own.host.as_str());
                self.limit(Limit::ChangePerson, &format!("{person}{here}")).await
            }
            (Bound::UserAtApp, Some(person)) => {
                self.limit(Limit::TokensPersonApp, &format!("{person}/{}", told.target))
                    .await
            }
            _ => Ok(()),
        }
    }

    async fn fold(&self, tx: &mut WorkspaceTx, source: &str, told: &Told) -> Result<bool, IamError> {
        let of_kind = format!("{}/{}", tx.workspace_id(), told.action.as_str());
        let alone = self
            .within(Limit::EventSource, &format!("{of_kind}/{source}"))
            .await;
        if alone && self.within(Limit::EventWorkspace, &of_kind).await {
            return Ok(true);
        }
        let now = self.now();
        let mut fold = Fold {
            window: now
                .duration_trunc(WINDOW)
                .map_err(|_| IamError::Fault("window of events"))?,
            action: told.action,
            source,
            // A challenge belongs to its source, who can have many.
            target: match told.action {
                Action::MagicLinkRequested
                | Action::MagicLinkRefused
                | Action::PasskeyRefused
                | Action::PasswordRefused
                | Action::AddressRefused => "",
                _ => &told.target,
            },
            reason: told
                .detail
                .get("reason")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        };
        // A source has a count of its own as long as there is room for one more: sources can be made up, too.
        if !alone && tx.fold_again(&fold, now).await? {
            return Ok(false);
        }
        if alone || !self.within(Limit::EventWorkspace, &of_kind).await {
            fold.source = "";
        }
        tx.fold_event(&fold, now).await?;
        Ok(false)
    }

    /// As [`write_folded_events`](Self::write_folded_events), for hours that began before or at `until`.
    pub(crate) async fn unfold(
        &self,
        tx: &mut WorkspaceTx,
        until: DateTime<Utc>,
    ) -> Result<Vec<Event>, IamError> {
        let mut events = Vec::new();
        for folded in tx.take_folded_events(until).await? {
            let known = FOLDED.into_iter().find(|action| action.as_str() == folded.action);
            let action = known.ok_or(IamError::Fault("folded event"))?;
            let told = Told::counted(action, &folded.target, counted(&folded));
            events.push(self.admitted_event(tx.workspace_id(), Acting::Counted(&folded.source), told));
        }
        Ok(events)
    }
}

fn counted(folded: &FoldedEvent) -> Counted<'_> {
    Counted {
        reason: &folded.reason,
        times: folded.times,
        first_at: folded.first_at,
        last_at: folded.last_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_folds_is_what_can_be_unfolded() {
        for action in FOLDED {
            assert_eq!(bound(action, false), Bound::Folded, "{action:?}");
            assert_eq!(bound(action, true), Bound::Folded, "{action:?}");
        }
        assert_eq!(bound(Action::RoleCreated, true), Bound::Person);
        assert_eq!(bound(Action::TokensIssued, true), Bound::UserAtApp);
        assert_eq!(bound(Action::SessionEnded, true), Bound::Cause);
    }
}

//! What happened with a person's account, for themselves.

use crate::{Ctx, IamError, account::Account, audit::history::shown, core::Core};
use iam_domain::audit::Action;
use iam_store::{WorkspaceTx, audit::history::OwnEvent};
use iam_types::{
    EventId, UserId, WorkspaceId,
    view::{ActivityRow, ActivityView, EndedSessions, Page},
};
use serde_json::Value;
use std::cmp::Reverse;

/// How many events a page shows.
const PAGE_SIZE: usize = 30;

/// What logs tell the person it is about. Nothing of it is about others, nor how a workspace is run.
const TOLD: [Action; 46] = [
    Action::UserCreated,
    Action::UserUpdated,
    Action::UserExported,
    Action::UserEnding,
    Action::UserKept,
    Action::UserDisabled,
    Action::UserEnabled,
    Action::SessionCreated,
    Action::SessionEnded,
    Action::PasskeyAdded,
    Action::PasskeyUpdated,
    Action::PasskeyRemoved,
    Action::PasskeyBlocked,
    Action::TotpConfirmed,
    Action::TotpRemoved,
    Action::RecoveryCodesCreated,
    Action::RecoveryCodeUsed,
    Action::BrowserTrusted,
    Action::BrowserTrustUsed,
    Action::BrowserForgotten,
    Action::RecoveryBegun,
    Action::RecoveryObjected,
    Action::RecoveryStopped,
    Action::RecoveryUsed,
    Action::SecondFactorRefused,
    Action::PasswordSet,
    Action::PasswordImported,
    Action::PasswordSpent,
    Action::PasswordRemoved,
    Action::AddressAdded,
    Action::AddressVerified,
    Action::AddressMadePrimary,
    Action::AddressRemoved,
    Action::AddressRestored,
    Action::IdentityLinked,
    Action::IdentityUnlinked,
    Action::MemberJoined,
    Action::MemberRoleChanged,
    Action::MemberRemoved,
    Action::MemberLeft,
    Action::GroupMemberAdded,
    Action::GroupMemberRemoved,
    Action::ConsentGranted,
    Action::ConsentDenied,
    Action::ConsentWithdrawn,
    Action::GrantRevoked,
];

/// An event, and the workspace where it happened, empty for what happened with the account.
pub(super) struct Lived {
    pub(super) place: String,
    pub(super) event: OwnEvent,
}

impl Account<'_> {
    /// A page of what happened with the person's account, in the platform and wherever they are a member.
    ///
    /// # Errors
    /// [`iam_types::ErrorCode::SignInRequired`].
    pub async fn activity(self, ctx: &Ctx, before: Option<EventId>) -> Result<ActivityView, IamError> {
        let actor = ctx.actor()?;
        let (person, email) = (actor.user.id, &actor.user.email);
        let lived = self.core.lived(person, before, PAGE_SIZE + 1).await?;
        Ok(ActivityView {
            events: Page::cut(
                lived,
                PAGE_SIZE,
                |lived| lived.event.id.to_string(),
                |lived| row(lived, email),
            ),
            now: self.core.now().timestamp(),
        })
    }
}

impl Core {
    /// The last events of all logs together that tell `person` something, the newest first.
    pub(super) async fn lived(
        &self,
        person: UserId,
        before: Option<EventId>,
        limit: usize,
    ) -> Result<Vec<Lived>, IamError> {
        let store = &self.deps.store;
        let memberships = store.as_user(person).await?.memberships().await?;
        let mut tx = store.in_workspace(WorkspaceId::PLATFORM).await?;
        let platform = memberships
            .iter()
            .find(|membership| membership.workspace.id == WorkspaceId::PLATFORM)
            .map(|membership| membership.workspace.name.to_string());
        let mut all = told_here(&mut tx, person, before, limit, &platform.unwrap_or_default()).await?;
        for workspace in memberships.into_iter().map(|membership| membership.workspace) {
            if workspace.id != WorkspaceId::PLATFORM {
                tx = tx.switch_workspace(workspace.id).await?;
                all.extend(told_here(&mut tx, person, before, limit, workspace.name.as_ref()).await?);
                // An identifier begins with its moment (RFC 9562 5.7).
                all.sort_unstable_by_key(|lived| Reverse(lived.event.id.uuid()));
                all.truncate(limit);
            }
        }
        Ok(all)
    }
}

async fn told_here(
    tx: &mut WorkspaceTx,
    person: UserId,
    before: Option<EventId>,
    limit: usize,
    place: &str,
) -> Result<Vec<Lived>, IamError> {
    let events = tx.events_for(person, &TOLD, before, limit as i64).await?;
    let everywhere = tx.workspace_id() == WorkspaceId::PLATFORM;
    let lived = |event: OwnEvent| Lived {
        place: if everywhere && is_of_the_account(&event.event.action) {
            String::new()
        } else {
            place.to_owned()
        },
        event,
    };
    Ok(events.into_iter().map(lived).collect())
}

/// Whether it happened with the account itself, not with what the person is in a workspace.
fn is_of_the_account(action: &str) -> bool {
    ["user.", "session.", "passkey.", "password.", "address."]
        .iter()
        .any(|kind| action.starts_with(kind))
}

fn row(lived: Lived, email: &str) -> ActivityRow {
    let OwnEvent { own, event, .. } = lived.event;
    let ended = (event.action == Action::SessionEnded.as_str()).then(|| ended(&event.detail));
    let mut event = shown(event);
    event.place = lived.place;
    if own {
        email.clone_into(&mut event.actor);
    }
    ActivityRow { event, own, ended }
}

/// Which sessions an event's detail says ended; without a word on it, all of them.
fn ended(detail: &Value) -> EndedSessions {
    match detail.get("own").and_then(Value::as_bool) {
        Some(true) => EndedSessions::Own,
        Some(false) => EndedSessions::Another,
        None if detail.get("others").is_some() => EndedSessions::Others,
        None if detail.get("oldest").is_some() => EndedSessions::Oldest,
        None if detail.get("session").is_some() => EndedSessions::Another,
        None => EndedSessions::All,
    }
}

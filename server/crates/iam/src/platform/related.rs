//! At which own hosts of workspaces passkeys of the platform work. Whoever holds such a host can ask its visitors' authenticators for
//! passkeys of the platform, so operators decide it, host by host, and browsers honour few.

use crate::{Ctx, IamError, core::Core, ctx::Acting, platform::Platform};
use iam_domain::{
    audit::Told,
    domains::{
        domain_name::DomainName,
        related::{MOST_LABELS, has_room, label, labels},
    },
    workspaces::workspace::State,
};
use iam_store::WorkspaceTx;
use iam_types::{ErrorCode, Permission, Slug, WorkspaceId, view::RelatedHostView};

impl Platform<'_> {
    /// Lets passkeys work at the own `host` of a workspace, or no more, from the next request on. Letting takes a recent sign-in.
    /// Both logs tell of it.
    ///
    /// # Errors
    /// As [`workspaces`](Self::workspaces); [`ErrorCode::SignInAgain`]; [`ErrorCode::ChangedMeanwhile`] when that is not the workspace's own
    /// host any more; [`ErrorCode::NotFound`] where there are no passkeys; [`ErrorCode::InvalidDomain`] for a host that nobody
    /// registered; [`ErrorCode::TooMany`] where browsers would not honour it next to the others.
    pub async fn set_host_passkeys(
        self,
        ctx: &Ctx,
        slug: &Slug,
        host: &str,
        work: bool,
    ) -> Result<(), IamError> {
        let mut scope = self.core.operate(ctx, Permission::WorkspaceUpdate).await?;
        let host: DomainName = host.parse()?;
        let host = host.as_str();
        let entry = self.core.deps.store.workspace_entry(slug).await?;
        let entry = entry
            .filter(|entry| entry.id != WorkspaceId::PLATFORM && entry.state != State::Deleted)
            .ok_or(ErrorCode::NotFound)?;
        // Whoever decides on another host meanwhile waits: all of them together must have room.
        scope.lock_and_recheck(Permission::WorkspaceUpdate).await?;
        if work {
            scope.require_recent()?;
            self.core.require_room_for(&mut scope.tx, host).await?;
        }
        let was = scope.tx.set_host_passkeys(entry.id, host, work).await?;
        if was.ok_or(ErrorCode::ChangedMeanwhile)? == work {
            return Ok(());
        }
        let viewer = scope.actor.user.id;
        let tx = scope.tx.switch_workspace(entry.id).await?;
        let told = Told::host_passkeys_set(entry.id, host, work).also_in(WorkspaceId::PLATFORM);
        self.core.commit(tx, Acting::User(viewer, ctx), told).await
    }
}

impl Core {
    async fn require_room_for(&self, tx: &mut WorkspaceTx, host: &str) -> Result<(), IamError> {
        if self.relying_party.is_none() {
            return Err(ErrorCode::NotFound.into());
        }
        label(host).ok_or(ErrorCode::InvalidDomain)?;
        let related = tx.related_hosts().await?;
        if has_room(related.iter().map(String::as_str), host) {
            Ok(())
        } else {
            Err(ErrorCode::TooMany.into())
        }
    }

    /// The own host of the workspace of `tx`, and what operators decide about it; nothing without a host, and where there are no
    /// passkeys.
    pub(crate) async fn related_host(
        &self,
        tx: &mut WorkspaceTx,
        may_update: bool,
    ) -> Result<Option<RelatedHostView>, IamError> {
        let Some((host, passkeys)) = tx.host_and_passkeys().await? else {
            return Ok(None);
        };
        if self.relying_party.is_none() {
            return Ok(None);
        }
        let related = tx.related_hosts().await?;
        Ok(Some(RelatedHostView {
            used: labels(related.iter().map(String::as_str)).len(),
            most: MOST_LABELS,
            has_room: has_room(related.iter().map(String::as_str), &host),
            host,
            passkeys,
            may_update,
        }))
    }
}

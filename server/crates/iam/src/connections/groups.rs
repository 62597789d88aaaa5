//! Groups that a workspace's provider puts its members into: whoever maps them gives them, and at each sign-in they are what it says.

use super::Connections;
use crate::{
    Ctx, IamError,
    access::group::{is_too_mighty, weights_of_groups},
    core::{Core, upstream::Heard},
    ctx::Acting,
    workspaces::enter::MemberTx,
};
use iam_domain::{
    audit::Told,
    connections::{claims::Claim, connection::Connection},
    core::visible::TextLine,
};
use iam_store::{WorkspaceTx, audit::event::Event, connections::groups::Lines};
use iam_types::{
    ConnectionId, ErrorCode, GroupId, SignInMethod, Slug, UserId,
    view::{GroupLine, GroupMappingView},
};
use std::collections::BTreeSet;

/// How many lines a mapping has at most.
const MOST_LINES: usize = 100;

/// What is typed about the groups that a provider gives.
#[derive(Debug, Clone, Copy)]
pub struct GroupsForm<'a> {
    /// The claim that names them, empty for none.
    pub claim: &'a str,
    /// Its values.
    pub values: &'a [String],
    /// The group of each; a line without either is none.
    pub groups: &'a [String],
}

impl GroupsForm<'_> {
    fn claim(&self) -> Result<Option<Claim>, ErrorCode> {
        match self.claim.trim() {
            "" => Ok(None),
            typed => Claim::parse(typed).map(Some),
        }
    }

    fn lines(&self) -> Result<Lines, ErrorCode> {
        if self.values.len() != self.groups.len() || self.values.len() > 2 * MOST_LINES {
            return Err(ErrorCode::TooMany);
        }
        let typed = self.values.iter().zip(self.groups);
        let typed = typed.map(|(value, group)| (value.trim(), group.as_str()));
        let typed = typed.filter(|(value, group)| !value.is_empty() || !group.is_empty());
        let lines: Lines = typed
            .map(|(value, group)| {
                let value: TextLine = value.parse()?;
                let group = group.parse().map_err(|_| ErrorCode::InvalidInput)?;
                Ok((value.as_str().to_owned(), group))
            })
            .collect::<Result<_, ErrorCode>>()?;
        if lines.len() > MOST_LINES {
            return Err(ErrorCode::TooMany);
        }
        Ok(lines)
    }
}

impl Connections<'_> {
    /// Says which claim of a workspace's provider names groups, and what its values give. Whoever says so gives it: they hold what the
    /// groups hold that change. What is given no more ends at once, what is given begins with the next sign-in.
    ///
    /// # Errors
    /// As [`update`](Self::update); [`ErrorCode::NotFound`] also for a group that is none, and for the platform's;
    /// [`ErrorCode::Forbidden`] for groups that hold what the viewer does not; [`ErrorCode::GroupTooMighty`]; [`ErrorCode::InvalidClaim`],
    /// [`ErrorCode::InvalidText`], [`ErrorCode::InvisibleText`], [`ErrorCode::InvalidInput`], [`ErrorCode::TooMany`].
    pub async fn map_groups(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: ConnectionId,
        form: GroupsForm<'_>,
    ) -> Result<(), IamError> {
        let mut scope = self.core.enter_to_connect(ctx, slug).await?;
        let connection = scope.tx.connection(id).await?.ok_or(ErrorCode::NotFound)?;
        if slug.is_platform() || !connection.preset.has_claims() {
            return Err(ErrorCode::NotFound.into());
        }
        let (claim, lines) = (form.claim()?, form.lines()?);
        if claim.is_none() && !lines.is_empty() {
            return Err(ErrorCode::InvalidClaim.into());
        }
        let before = scope.tx.group_mapping(id).await?;
        let changed: BTreeSet<GroupId> = match claim == connection.groups_claim {
            true => groups_of(before.symmetric_difference(&lines)),
            false => groups_of(before.union(&lines)),
        };
        scope.require_groups_held(&changed).await?;
        let weights = scope.weights_of_groups().await?;
        for group in groups_of(&lines) {
            if is_too_mighty(*weights.get(&group).ok_or(ErrorCode::NotFound)?) {
                return Err(ErrorCode::GroupTooMighty.into());
            }
        }
        let places = scope.tx.count_given_groups(id).await?;
        scope.tx.set_group_mapping(id, claim.as_ref(), &lines).await?;
        let ended = places - scope.tx.count_given_groups(id).await?;
        let name = connection.settings.name.as_str();
        let told = Told::connection_groups_mapped(id, name, (claim.as_ref(), &lines), ended);
        scope.commit(told).await
    }
}

fn groups_of<'a>(lines: impl IntoIterator<Item = &'a (String, GroupId)>) -> BTreeSet<GroupId> {
    lines.into_iter().map(|(_, group)| *group).collect()
}

impl MemberTx<'_> {
    /// That the viewer holds all that these groups hold.
    async fn require_groups_held(&mut self, groups: &BTreeSet<GroupId>) -> Result<(), IamError> {
        let weights = self.weights_of_groups().await?;
        for group in groups {
            self.require_held(*weights.get(group).ok_or(ErrorCode::NotFound)?)?;
        }
        Ok(())
    }

    /// That the viewer may give what a provider gives as soon as people sign in through it again.
    pub(super) async fn require_given_held(&mut self, id: ConnectionId) -> Result<(), IamError> {
        let mapped = self.tx.group_mapping(id).await?;
        self.require_groups_held(&groups_of(&mapped)).await
    }

    /// What the page of a provider shows of the groups that it gives; nothing for those that give none.
    pub(super) async fn group_mapping_view(
        &mut self,
        connection: &Connection,
    ) -> Result<Option<GroupMappingView>, IamError> {
        if self.workspace.slug.is_platform() || !connection.preset.has_claims() {
            return Ok(None);
        }
        let lines = self.tx.group_mapping(connection.id).await?;
        let groups = self.tx.groups(None).await?;
        Ok(Some(GroupMappingView {
            claim: connection
                .groups_claim
                .as_ref()
                .map(|claim| claim.as_str().to_owned())
                .unwrap_or_default(),
            lines: lines
                .into_iter()
                .map(|(value, group)| GroupLine { value, group })
                .collect(),
            choices: groups.into_iter().map(|group| self.group_card(group)).collect(),
        }))
    }
}

impl Core {
    /// What a provider's values give: what is mapped, but nothing that became an owner's since.
    pub(super) async fn mapped_groups(
        &self,
        tx: &mut WorkspaceTx,
        id: ConnectionId,
        values: &[String],
    ) -> Result<Lines, IamError> {
        let mut lines = tx.group_mapping(id).await?;
        lines.retain(|(value, _)| values.contains(value));
        if lines.is_empty() {
            return Ok(lines);
        }
        let weights = weights_of_groups(tx).await?;
        lines.retain(|(_, group)| weights.get(group).is_some_and(|weight| !is_too_mighty(*weight)));
        Ok(lines)
    }

    /// Holds what giving groups takes, if a provider says another thing of a member than before: the person, then the workspace, as all do
    /// who change privileges, and both before the provider, which whoever shuts it holds last.
    pub(super) async fn hold_for_groups(
        &self,
        tx: &mut WorkspaceTx,
        id: ConnectionId,
        heard: &Heard,
    ) -> Result<bool, IamError> {
        let (Some((_, values)), Some(connection)) = (&heard.groups, tx.connection(id).await?) else {
            return Ok(false);
        };
        let linked = tx
            .linked_with(id, &connection.issuer, &heard.said.subject)
            .await?;
        let Some(person) = linked else {
            return Ok(false);
        };
        let policy = tx.workspace().await?.sign_in_policy();
        let counts = !policy.refused.contains(SignInMethod::Connection);
        if !counts || tx.role_of(person).await?.is_none() {
            return Ok(false);
        }
        let wanted = self.mapped_groups(tx, id, values).await?;
        if tx.given_groups(id, person).await? == wanted {
            return Ok(false);
        }
        tx.hold_user(person).await?;
        tx.lock_effective_access(&[]).await?;
        Ok(true)
    }

    /// Makes the groups that a provider gave a member those that it gives now, with all held that it takes.
    pub(super) async fn regroup(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        connection: &Connection,
        (person, (claim, values)): (UserId, &(Claim, Vec<String>)),
    ) -> Result<Vec<Event>, IamError> {
        let mut events = Vec::new();
        // What another claim says is no value of the one that is mapped now.
        let is_mapped = connection.groups_claim.as_ref() == Some(claim);
        if !is_mapped || tx.role_of(person).await?.is_none() {
            return Ok(events);
        }
        let wanted = self.mapped_groups(tx, connection.id, values).await?;
        let regrouped = tx.give_groups(connection.id, person, &wanted).await?;
        let name = connection.settings.name.as_str();
        let added = regrouped.added.into_iter().map(|group| (true, group));
        let removed = regrouped.removed.into_iter().map(|group| (false, group));
        for (is_added, group) in added.chain(removed) {
            let told = match is_added {
                true => Told::group_member_added_by(person, group, name),
                false => Told::group_member_removed_by(person, group, name),
            };
            events.push(self.event(tx, Acting::User(person, ctx), told).await?);
        }
        Ok(events)
    }
}

//! A workspace at a glance, and everything it holds to take along.

use crate::{
    Ctx, IamError,
    core::limits::Limit,
    workspaces::{Workspaces, enter::MemberTx},
};
use chrono::{NaiveTime, TimeDelta};
use iam_domain::audit::Told;
use iam_store::workspaces::overview::Figures;
use iam_types::{
    Permission, Slug,
    view::{Attention, Day, FirstStep, OverviewView},
};
use std::{collections::HashMap, ops::ControlFlow, time::Duration};
use tokio::sync::mpsc::{self, Receiver};

/// How many days the chart has, today included.
const DAYS: i64 = 14;
/// A receiver who takes no line for this long gets no more, so that nobody keeps a connection to the database.
const PATIENCE: Duration = Duration::from_secs(30);

impl Workspaces<'_> {
    /// What a member sees first: figures and sign-ins as far as they may know them.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter) without a permission.
    pub async fn overview(self, ctx: &Ctx, slug: &Slug) -> Result<OverviewView, IamError> {
        let mut scope = self.core.enter_as_member(ctx, slug).await?;
        let now = self.core.now();
        let figures = scope.tx.figures(now).await?;
        let (people, apps) = (scope.may(Permission::MemberRead), scope.may(Permission::AppRead));
        let attention = [
            (people && figures.owners == 1, Attention::OneOwner),
            (
                people && figures.join_requests > 0,
                Attention::JoinRequests(figures.join_requests),
            ),
            (
                scope.may(Permission::WorkspaceRead) && figures.failing_domains > 0,
                Attention::FailingDomains(figures.failing_domains),
            ),
            (
                people && figures.expired_invitations > 0,
                Attention::ExpiredInvitations(figures.expired_invitations),
            ),
            (
                people && figures.undelivered_invitations > 0,
                Attention::UndeliveredInvitations(figures.undelivered_invitations),
            ),
            (
                apps && figures.disabled_apps > 0,
                Attention::DisabledApps(figures.disabled_apps),
            ),
        ];
        let sign_ins = if scope.may(Permission::AuditRead) {
            let today = now.date_naive();
            let first = today - TimeDelta::days(DAYS - 1);
            let counted: HashMap<_, _> = scope
                .tx
                .sign_ins_by_day(first.and_time(NaiveTime::MIN).and_utc())
                .await?
                .into_iter()
                .collect();
            let days = first.iter_days().take_while(|day| *day <= today);
            days.map(|day| Day {
                date: day.to_string(),
                count: counted.get(&day).copied().unwrap_or_default(),
            })
            .collect()
        } else {
            Vec::new()
        };
        Ok(OverviewView {
            members: people.then_some(figures.members),
            waiting_invitations: people.then_some(figures.waiting_invitations),
            apps: apps.then_some(figures.apps),
            first_steps: first_steps(&scope, &figures),
            attention: attention
                .into_iter()
                .filter_map(|(applies, what)| applies.then_some(what))
                .collect(),
            sign_ins,
            workspace: scope.card(),
        })
    }

    /// Everything the workspace holds, as lines of JSON that come while they are read. The log tells who took it.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter).
    pub async fn export(self, ctx: &Ctx, slug: &Slug) -> Result<Receiver<String>, IamError> {
        let scope = self.core.enter(ctx, slug, Permission::WorkspaceExport).await?;
        let id = scope.workspace.id;
        self.core
            .limit(Limit::Export, &scope.actor.user.id.to_string())
            .await?;
        scope.commit(Told::workspace_exported(id)).await?;
        let mut tx = self.core.deps.store.in_workspace(id).await?;
        let (sender, receiver) = mpsc::channel(64);
        tokio::spawn(async move {
            let read = tx.export(|line| {
                let sender = sender.clone();
                async move {
                    match tokio::time::timeout(PATIENCE, sender.send(line)).await {
                        Ok(Ok(())) => ControlFlow::Continue(()),
                        _ => ControlFlow::Break(()),
                    }
                }
            });
            if let Err(error) = read.await {
                tracing::error!(%error, "export broke off");
            }
        });
        Ok(receiver)
    }
}

/// The first steps that a member may take, while there is one to take. Who only looks, and the platform's own workspace, need
/// none.
fn first_steps(scope: &MemberTx<'_>, figures: &Figures) -> Vec<(FirstStep, bool)> {
    if scope.support_until.is_some() || scope.workspace.slug == Slug::platform() {
        return Vec::new();
    }
    let steps = [
        (Permission::AppCreate, FirstStep::App, figures.apps > 0),
        (Permission::AppCreate, FirstStep::SignIn, figures.signed_in),
        (Permission::MemberInvite, FirstStep::Invitation, figures.invited),
        (Permission::BrandUpdate, FirstStep::Brand, figures.branded),
    ];
    let steps: Vec<_> = steps
        .into_iter()
        .filter(|(needed, ..)| scope.may(*needed))
        .map(|(_, step, done)| (step, done))
        .collect();
    if steps.iter().all(|(_, done)| *done) {
        Vec::new()
    } else {
        steps
    }
}

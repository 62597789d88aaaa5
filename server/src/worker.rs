//! Jobs beside the requests. Every node runs them; the database decides who does what.

use iam::{Iam, IamError, domain::sign_in::session, port::Mailer};
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;

/// How often expired rows are deleted, and proofs of domains looked at that are due.
const SWEEP: Duration = Duration::from_secs(600);

/// Sends mail from the outbox until `stop` is notified.
pub async fn mail(iam: Iam, mailer: Arc<dyn Mailer>, stop: Arc<Notify>) {
    iam.run_mail_worker(mailer, &stop).await;
}

/// Lets this node be told of what others change, for ever.
pub async fn changes(iam: Iam) {
    iam.follow_changes().await;
}

/// Deletes what has expired, for ever.
pub async fn sweep(iam: Iam) {
    let mut due = tokio::time::interval(SWEEP);
    loop {
        due.tick().await;
        if let Err(error) = sweep_once(&iam).await {
            tracing::warn!(%error, "sweep failed, trying again later");
        }
    }
}

/// Looks at proofs of domains, for ever. A job of its own: what it waits for, nothing else waits for.
pub async fn domains(iam: Iam) {
    let mut due = tokio::time::interval(SWEEP);
    loop {
        due.tick().await;
        if let Err(error) = recheck_once(&iam).await {
            tracing::warn!(%error, "domains not looked at, trying again later");
        }
    }
}

async fn sweep_once(iam: &Iam) -> Result<(), IamError> {
    let (store, now) = (iam.store(), iam.now());
    store.sweep_global(now, session::IDLE).await?;
    if let Err(error) = iam.sign_in().withdraw_models().await {
        tracing::warn!(%error, "models that are believed no more not taken back");
    }
    for workspace in store.workspace_ids().await? {
        // One that fails holds up no other.
        if let Err(error) = store.sweep_workspace(workspace, now).await {
            tracing::warn!(%error, workspace.id = %workspace, "a workspace not swept");
        }
        if let Err(error) = iam.audit().write_folded(workspace).await {
            tracing::warn!(%error, workspace.id = %workspace, "counted events not written");
        }
    }
    iam.workspaces().delete_due().await?;
    iam.account().delete_due().await?;
    Ok(())
}

async fn recheck_once(iam: &Iam) -> Result<(), IamError> {
    for workspace in iam.store().workspace_ids().await? {
        if let Err(error) = iam.domains().recheck(workspace).await {
            tracing::warn!(%error, workspace.id = %workspace, "domains of a workspace not looked at");
        }
    }
    Ok(())
}

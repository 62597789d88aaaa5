//! Jobs beside the requests. Every node runs them; the database decides who does what.

use iam::{Iam, IamError, domain::session, port::Mailer};
use std::{sync::Arc, time::Duration};

/// How often expired rows are deleted.
const SWEEP: Duration = Duration::from_secs(600);

/// Sends mail from the outbox, for ever.
pub async fn mail(iam: Iam, mailer: Arc<dyn Mailer>) {
    iam.run_mail_worker(mailer.as_ref()).await;
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

async fn sweep_once(iam: &Iam) -> Result<(), IamError> {
    let (store, now) = (iam.store(), iam.now());
    store.sweep_global(now, session::IDLE).await?;
    for workspace in store.workspace_ids().await? {
        store.sweep_workspace(workspace, now).await?;
        iam.write_folded_events(workspace).await?;
        iam.recheck_domains(workspace).await?;
    }
    iam.delete_due_workspaces().await?;
    Ok(())
}

//! A private PostgreSQL: made, started, watched, started again when it dies, stopped with us.

use super::folder::{Folder, Servant};
use anyhow::{Context, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    process::{Child, Command},
    sync::oneshot,
    task::JoinHandle,
    time::sleep,
};

const PAUSE: Duration = Duration::from_millis(100);
/// Tries to reach a starting server: 20 seconds, since it may have a crash to recover from.
const TRIES: u32 = 200;

/// Roles and database. Idempotent, so that a first start that was cut off is completed by the next.
const BOOTSTRAP: &str = "
SELECT 'CREATE ROLE rooiam_owner LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rooiam_owner') \\gexec
SELECT 'CREATE ROLE rooiam_runtime' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rooiam_runtime') \\gexec
SELECT 'CREATE ROLE rooiam_app LOGIN IN ROLE rooiam_runtime' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rooiam_app') \\gexec
SELECT 'CREATE DATABASE rooiam OWNER rooiam_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'rooiam') \\gexec
";

/// The programs and places of one private server.
#[derive(Clone)]
struct Cluster {
    bin: PathBuf,
    data: PathBuf,
    run: PathBuf,
    servant: Option<Servant>,
}

/// A running private PostgreSQL. Call [`stop`](Self::stop) at the end; after a crash of ours the next start finds it.
pub struct Postgres {
    cluster: Cluster,
    end: oneshot::Sender<()>,
    watch: JoinHandle<()>,
}

impl Postgres {
    /// Starts the server of `folder`, made if there is none.
    ///
    /// # Errors
    /// PostgreSQL is not installed or does not start.
    pub async fn start(folder: &Folder) -> anyhow::Result<Self> {
        let run = folder.private("postgres")?;
        let cluster = Cluster {
            bin: find_programs()?,
            data: run.join("data"),
            run,
            servant: folder.servant(),
        };
        if !cluster.data.join("PG_VERSION").exists() {
            tracing::info!(folder = %cluster.data.display(), "making a private PostgreSQL");
            cluster.create().await?;
        }
        // A server left over from a rooiam that was killed: stop it, since nobody watches it.
        cluster
            .command("pg_ctl")
            .args(["-m", "fast", "-w", "stop"])
            .arg("-D")
            .arg(&cluster.data)
            .silent()
            .status()
            .await?;
        let child = cluster.spawn()?;
        cluster.wait_ready().await?;
        cluster.bootstrap().await?;
        let (end, ended) = oneshot::channel();
        let watch = tokio::spawn(cluster.clone().watch(child, ended));
        Ok(Self { cluster, end, watch })
    }

    /// How `role` reaches it.
    pub fn url(&self, role: &str) -> String {
        format!(
            "postgres://{role}@localhost/rooiam?host={}",
            self.cluster.run.display()
        )
    }

    /// Stops it and waits until it has.
    pub async fn stop(self) {
        if self.end.send(()).is_ok() && self.watch.await.is_err() {
            tracing::warn!("PostgreSQL did not stop by itself");
        }
    }
}

trait Silent {
    fn silent(&mut self) -> &mut Self;
}

impl Silent for Command {
    fn silent(&mut self) -> &mut Self {
        self.stdout(Stdio::null())
            .stderr(Stdio::null())
            .stdin(Stdio::null())
    }
}

impl Cluster {
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        // A group of its own: Ctrl-C is for us, and we stop the database last.
        command.current_dir(&self.run).process_group(0);
        if let Some(Servant { uid, gid }) = self.servant {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Made aside and renamed, so that a half-made one is never taken for whole.
    async fn create(&self) -> anyhow::Result<()> {
        let fresh = self.run.join("fresh");
        if fresh.exists() {
            fs::remove_dir_all(&fresh)?;
        }
        let args = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"];
        let made = self
            .command("initdb")
            .args(args)
            .arg("-D")
            .arg(&fresh)
            .stdin(Stdio::null())
            .output()
            .await?;
        if !made.status.success() {
            bail!("initdb failed: {}", String::from_utf8_lossy(&made.stderr));
        }
        fs::rename(fresh, &self.data)?;
        Ok(())
    }

    fn spawn(&self) -> anyhow::Result<Child> {
        let log = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.run.join("log"))?;
        let mut command = self.command("postgres");
        command
            .arg("-D")
            .arg(&self.data)
            .arg("-k")
            .arg(&self.run)
            .args(["-c", "listen_addresses="]);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::from(log.try_clone()?))
            .stderr(Stdio::from(log));
        command.spawn().context("PostgreSQL does not start")
    }

    async fn wait_ready(&self) -> anyhow::Result<()> {
        for _ in 0..TRIES {
            let ready = self
                .command("pg_isready")
                .arg("-q")
                .arg("-h")
                .arg(&self.run)
                .silent()
                .status()
                .await?;
            if ready.success() {
                return Ok(());
            }
            sleep(PAUSE).await;
        }
        bail!(
            "PostgreSQL does not answer: see {}",
            self.run.join("log").display()
        )
    }

    async fn bootstrap(&self) -> anyhow::Result<()> {
        use tokio::io::AsyncWriteExt;
        let mut psql = self.command("psql");
        psql.args(["-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", "postgres"])
            .arg("-h")
            .arg(&self.run);
        let mut child = psql
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(BOOTSTRAP.as_bytes()).await?;
        }
        let done = child.wait_with_output().await?;
        if !done.status.success() {
            bail!(
                "the private database cannot be set up: {}",
                String::from_utf8_lossy(&done.stderr)
            );
        }
        Ok(())
    }

    /// Starts the server again whenever it dies, until told to end.
    async fn watch(self, mut child: Child, mut ended: oneshot::Receiver<()>) {
        loop {
            tokio::select! {
                _ = &mut ended => {
                    let mut stop = self.command("pg_ctl");
                    let stopped = stop.args(["-m", "fast", "-w", "stop"]).arg("-D").arg(&self.data).silent().status().await;
                    if !stopped.is_ok_and(|status| status.success()) {
                        tracing::warn!("pg_ctl could not stop PostgreSQL");
                    }
                    let _exit = child.wait().await;
                    return;
                }
                exit = child.wait() => {
                    tracing::warn!(?exit, "PostgreSQL ended, starting it again");
                    sleep(PAUSE).await;
                    match self.spawn() {
                        Ok(fresh) => child = fresh,
                        Err(error) => tracing::error!(%error, "PostgreSQL does not start, trying again"),
                    }
                }
            }
        }
    }
}

/// The folder with the newest PostgreSQL's server programs.
fn find_programs() -> anyhow::Result<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut versions: Vec<_> = debian
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse::<u32>().ok()?,
                entry.path().join("bin"),
            ))
        })
        .collect();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    versions
        .into_iter()
        .rev()
        .map(|(_, bin)| bin)
        .chain(std::env::split_paths(&path))
        .find(|bin| is_complete(bin))
        .context("PostgreSQL's server programs are not on this machine: apt-get install postgresql")
}

fn is_complete(bin: &Path) -> bool {
    ["initdb", "postgres", "pg_ctl", "pg_isready", "psql"]
        .iter()
        .all(|program| bin.join(program).exists())
}

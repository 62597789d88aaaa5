//! The data folder of `rooiam dev`.

use anyhow::{Context, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use iam::port::{Entropy, SystemEntropy};
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::Write,
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, chown},
    path::{Path, PathBuf},
};

/// A Unix socket's path may have 107 bytes; its name takes 22.
const LONGEST: usize = 80;

/// An exclusively held data folder.
pub struct Folder {
    path: PathBuf,
    servant: Option<Servant>,
    _lock: File,
}

/// Whom PostgreSQL runs as when we are root, which it refuses to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Servant {
    pub uid: u32,
    pub gid: u32,
}

impl Folder {
    /// Opens the folder, made if there is none.
    ///
    /// # Errors
    /// Another `rooiam dev` uses it, or it cannot be made.
    pub fn open(chosen: Option<PathBuf>) -> anyhow::Result<Self> {
        let servant = servant()?;
        // Root's project folder is often closed to others, and PostgreSQL has to get into its own.
        let default = if servant.is_some() {
            "/var/lib/rooiam/dev"
        } else {
            ".rooiam"
        };
        let path = std::path::absolute(chosen.unwrap_or_else(|| default.into()))?;
        if path.as_os_str().len() > LONGEST {
            bail!(
                "{} is too long a path for a database socket: set ROOIAM_DATA_DIR to a shorter one",
                path.display()
            );
        }
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o755)
            .create(&path)
            .with_context(|| {
                format!(
                    "cannot make {}: set ROOIAM_DATA_DIR to a folder that can be made",
                    path.display()
                )
            })?;
        if let Some(closed) = servant.and_then(|servant| closed_to(servant, &path)) {
            bail!(
                "PostgreSQL runs as nobody here, who cannot enter {}: set ROOIAM_DATA_DIR to a folder that everybody can enter, \
                 or run `chmod o+x {}`",
                closed.display(),
                closed.display()
            );
        }
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path,
                servant,
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => {
                bail!(
                    "another rooiam dev uses {}: stop it, or set ROOIAM_DATA_DIR to another folder",
                    path.display()
                )
            }
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// The master key, made once.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn master_key(&self) -> anyhow::Result<String> {
        let path = self.path.join("master.key");
        if !path.exists() {
            let mut bytes = [0; 32];
            SystemEntropy.fill(&mut bytes);
            let fresh = self.path.join("master.key.new");
            let mut file = OpenOptions::new()
                .create(true)
                .truncate(true)
                .write(true)
                .mode(0o600)
                .open(&fresh)?;
            write!(file, "1:{}", STANDARD.encode(bytes))?;
            file.sync_all()?;
            fs::rename(fresh, &path)?;
        }
        Ok(fs::read_to_string(path)?)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn servant(&self) -> Option<Servant> {
        self.servant
    }

    /// A folder inside that only PostgreSQL can open.
    pub(super) fn private(&self, name: &str) -> anyhow::Result<PathBuf> {
        let path = self.path.join(name);
        if !path.exists() {
            fs::DirBuilder::new().mode(0o700).create(&path)?;
        }
        if let Some(Servant { uid, gid }) = self.servant {
            chown(&path, Some(uid), Some(gid))?;
        }
        Ok(path)
    }
}

/// The first folder on the way to `path` that the servant cannot enter.
fn closed_to(servant: Servant, path: &Path) -> Option<PathBuf> {
    let mut way: Vec<_> = path.ancestors().collect();
    way.reverse();
    let closed = way.into_iter().find(|folder| {
        fs::metadata(folder).is_ok_and(|about| {
            let bit = if about.uid() == servant.uid {
                0o100
            } else if about.gid() == servant.gid {
                0o010
            } else {
                0o001
            };
            about.mode() & bit == 0
        })
    });
    closed.map(Path::to_owned)
}

fn servant() -> anyhow::Result<Option<Servant>> {
    if fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string(Path::new("/etc/passwd"))?;
    let ids = users.lines().find_map(|line| {
        let fields: Vec<_> = line.split(':').collect();
        match fields[..] {
            ["nobody", _, uid, gid, ..] => Some(Servant {
                uid: uid.parse().ok()?,
                gid: gid.parse().ok()?,
            }),
            _ => None,
        }
    });
    ids.map(Some)
        .context("there is no user nobody for PostgreSQL to run as: start rooiam dev as an ordinary user")
}

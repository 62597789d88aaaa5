//! Models of authenticators, from a file that the operator brings: metadata of the FIDO Alliance, as it signs it.

use crate::config::Settings;
use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use iam::{
    core::models::KnownModels,
    port::{Clock, SystemClock},
};
use iam_protocol::fido::metadata;
use std::{path::Path, sync::Arc};

const FILE: &str = "ROOIAM_FIDO_MDS_FILE";
const ROOT: &str = "ROOIAM_FIDO_MDS_ROOT_FILE";

/// What tells of them by these settings.
///
/// # Errors
/// As [`open`].
pub fn of(settings: &Settings) -> anyhow::Result<Option<Arc<KnownModels>>> {
    let (file, root) = (&settings.fido_mds_file, &settings.fido_mds_root_file);
    open(file.as_deref(), root.as_deref(), SystemClock.now())
}

/// Reads the file that is set, whose signer's chain ends at `root`; nothing is known without one. Metadata that is old is taken:
/// no restart is to fail since nobody renewed a file.
///
/// # Errors
/// It cannot be read, or is not signed by who may.
fn open(
    file: Option<&Path>,
    root: Option<&Path>,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Arc<KnownModels>>> {
    let (file, root) = match (file, root) {
        (Some(file), Some(root)) => (file, root),
        (Some(_), None) => bail!("{FILE} is believed by a root: set {ROOT}"),
        (None, Some(_)) => bail!("{ROOT} is of no use without {FILE}"),
        (None, None) => return Ok(None),
    };
    let root = std::fs::read(root).context(ROOT)?;
    let blob = std::fs::read_to_string(file).context(FILE)?;
    let known = KnownModels::new(metadata::read(&blob, &root, now).context(FILE)?);
    let (until, today) = (known.next_update(), now.date_naive());
    if until < today {
        // It shows nothing once it is too old, and no restart fails for that.
        tracing::warn!(%until, "there is newer metadata of authenticators than that of {FILE}");
    }
    Ok(Some(Arc::new(known)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use iam_testkit::Authority;
    use std::path::PathBuf;

    const SIGNER: &str = "mds.fidoalliance.org";

    fn at(day: &str) -> DateTime<Utc> {
        format!("{day}T12:00:00Z").parse().unwrap()
    }

    /// What comes of metadata by `name` that is read with that root on that day.
    fn opened(name: &str, blob: &str, root: &[u8], day: &str) -> Result<bool, String> {
        let folder = std::env::temp_dir().join(format!("rooiam-models-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let [file, root_file]: [PathBuf; 2] = ["blob.jwt", "root.pem"].map(|name| folder.join(name));
        std::fs::write(&file, blob).unwrap();
        std::fs::write(&root_file, root).unwrap();
        let opened = open(Some(&file), Some(&root_file), at(day));
        std::fs::remove_dir_all(&folder).unwrap();
        opened
            .map(|known| known.is_some())
            .map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn metadata_is_believed_by_the_root_that_is_set_be_it_pem_or_der() {
        let signer = Authority::new("Signer").unwrap();
        let blob = signer.metadata(SIGNER, "2026-12-01", &[]).unwrap();
        let pem = signer.pem();
        for (name, root) in [("pem", pem.as_bytes()), ("der", &signer.der())] {
            assert_eq!(opened(name, &blob, root, "2026-11-01"), Ok(true), "{name}");
        }
        assert!(open(None, None, at("2026-11-01")).unwrap().is_none());
    }

    #[test]
    fn what_is_not_signed_by_who_may_is_refused_by_the_name_of_its_setting() {
        let (signer, foreign) = (
            Authority::new("Signer").unwrap(),
            Authority::new("Foreign").unwrap(),
        );
        let blob = signer.metadata(SIGNER, "2026-12-01", &[]).unwrap();
        let other = signer.metadata("mds.example.com", "2026-12-01", &[]).unwrap();
        let looks_alike = signer.metadata("notfidoalliance.org", "2026-12-01", &[]).unwrap();
        // Signed by the same, but about something else.
        let (head, _) = blob.rsplit_once('.').unwrap();
        let (_, signature) = other.rsplit_once('.').unwrap();
        for (name, blob, root, why) in [
            ("foreign", blob.as_str(), foreign.der(), "does not count"),
            ("name", &other, signer.der(), "not of fidoalliance.org"),
            ("alike", &looks_alike, signer.der(), "not of fidoalliance.org"),
            (
                "mixed",
                &format!("{head}.{signature}"),
                signer.der(),
                "signature is wrong",
            ),
            ("junk", "junk", signer.der(), "no metadata"),
            ("root", &blob, b"junk".to_vec(), "neither PEM nor DER"),
        ] {
            let refused = opened(name, blob, &root, "2026-11-01").unwrap_err();
            assert!(
                refused.starts_with(FILE) && refused.contains(why),
                "{name}: {refused}"
            );
        }
        let missing = Path::new("/nowhere/blob.jwt");
        for (file, root) in [
            (Some(missing), None),
            (None, Some(missing)),
            (Some(missing), Some(missing)),
        ] {
            let refused = open(file, root, at("2026-11-01")).err().unwrap().to_string();
            assert!(refused.contains(ROOT), "{refused}");
        }
    }

    #[test]
    fn metadata_that_is_old_keeps_no_server_from_starting() {
        let signer = Authority::new("Signer").unwrap();
        let blob = signer.metadata(SIGNER, "2026-11-01", &[]).unwrap();
        for day in ["2026-10-31", "2026-12-01", "2026-12-02"] {
            assert_eq!(opened("old", &blob, &signer.der(), day), Ok(true), "{day}");
        }
    }
}

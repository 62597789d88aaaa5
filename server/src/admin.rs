//! What only the operator at the machine may do.

use crate::{command::core, config::Settings, say::say};
use anyhow::{Context, bail};
use iam::{
    Iam,
    sign_in::password::{Import, Imported},
};
use serde::Deserialize;
use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

/// The most bytes of a line of a file with passwords.
const LONGEST_LINE: u64 = 16 * 1024;

/// Makes whoever owns `address` an owner of the platform.
///
/// # Errors
/// A setting is missing, the database does not answer, or it is no address.
pub async fn operator(settings: &Settings, address: &str) -> anyhow::Result<()> {
    let iam = core(settings).await?;
    iam.platform().appoint_operator(address).await?;
    say(&format!(
        "{address} is an owner of the platform: {}/platform",
        iam.origin()
    ));
    Ok(())
}

/// A line of a file with passwords.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    email: String,
    hash: String,
    /// An address counts only if the file says that it was verified.
    #[serde(default)]
    email_verified: bool,
    #[serde(default)]
    must_change: bool,
}

/// How many lines of a file with passwords came to what.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// People who were known.
    pub known: usize,
    /// People who came into being.
    pub created: usize,
    /// Lines that were not taken: their numbers, and why.
    pub refused: Vec<(usize, String)>,
}

/// Takes in the passwords of a file: one JSON object on each line.
///
/// # Errors
/// A setting is missing, the database does not answer, the file cannot be read; or some of its lines were not taken.
pub async fn import_passwords(settings: &Settings, path: &Path, create: bool) -> anyhow::Result<()> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let report = import_lines(&core(settings).await?, BufReader::new(file), create).await?;
    for (number, why) in &report.refused {
        say(&format!("line {number}: {why}"));
    }
    say(&format!(
        "{} passwords imported, {} people created, {} lines refused",
        report.known + report.created,
        report.created,
        report.refused.len()
    ));
    if report.refused.is_empty() {
        return Ok(());
    }
    bail!("some lines were refused; the others are in, so the same file can be imported again")
}

/// Takes in the passwords of these lines, each by itself.
///
/// # Errors
/// They cannot be read.
pub async fn import_lines(iam: &Iam, mut lines: impl BufRead, create: bool) -> anyhow::Result<Report> {
    let mut report = Report::default();
    for number in 1.. {
        let mut line = Vec::new();
        if (&mut lines).take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.len() as u64 == LONGEST_LINE && !line.ends_with(b"\n") {
            lines.skip_until(b'\n')?;
            report.refused.push((number, "the line is too long".to_owned()));
            continue;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        match import_line(iam, &line, create).await {
            Ok(Imported::Known) => report.known += 1,
            Ok(Imported::Created) => report.created += 1,
            Err(why) => report.refused.push((number, why)),
        }
    }
    Ok(report)
}

async fn import_line(iam: &Iam, line: &[u8], create: bool) -> Result<Imported, String> {
    // The parser's message may print what it stumbled over, which may be a hash.
    let line: Line = serde_json::from_slice(line)
        .map_err(|error| format!("no such object, at column {}", error.column()))?;
    let import = Import {
        address: &line.email,
        verified: line.email_verified,
        hash: &line.hash,
        must_change: line.must_change,
        create,
    };
    let imported = iam.sign_in().import_password(import).await;
    imported.map_err(|error| error.to_string())
}

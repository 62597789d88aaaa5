//! The table of limits, the code and the routes say the same.

use iam::core::limits::Limit;
use std::{collections::BTreeSet, fs, path::Path, time::Duration};

const DOCUMENT: &str = include_str!("../../../../docs/limits.md");
const CORE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/crates/iam/src");

/// The cells of each row below a heading.
fn rows(heading: &str) -> Vec<Vec<&'static str>> {
    let part = DOCUMENT.split(heading).nth(1).unwrap();
    let part = part.split("\n## ").next().unwrap();
    part.lines()
        .filter(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// What stands in backticks.
fn names(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

fn words(period: Duration) -> String {
    match (period.as_secs(), period.subsec_millis()) {
        (0, millis) => format!("0.{} s", millis / 100),
        (secs, _) if secs % 3600 == 0 => format!("{} h", secs / 3600),
        (secs, _) if secs % 60 == 0 => format!("{} min", secs / 60),
        (secs, _) => format!("{secs} s"),
    }
}

fn source(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&source(&path));
        } else {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    text
}

#[test]
fn the_documented_figures_are_those_in_code() {
    let documented: Vec<_> = rows("## Figures")
        .into_iter()
        .map(|row| {
            (
                names(row[0])[0],
                row[1].to_owned(),
                row[2].to_owned(),
                row[3].to_owned(),
            )
        })
        .collect();
    let coded: Vec<_> = Limit::ALL
        .iter()
        .map(|limit| {
            let quota = limit.quota();
            (
                quota.name,
                limit.per().to_owned(),
                quota.burst.to_string(),
                words(quota.period),
            )
        })
        .collect();
    assert_eq!(documented, coded);
}

#[test]
fn every_limit_is_in_force_and_guards_something() {
    let source = source(Path::new(CORE));
    let guarding: BTreeSet<&str> = rows("## Who causes what")
        .iter()
        .flat_map(|row| names(row[2]))
        .collect();
    for limit in Limit::ALL {
        let used = source.matches(&format!("Limit::{}", limit.variant())).count();
        assert!(used >= 1, "{limit:?} is never taken from");
        assert!(guarding.contains(limit.quota().name), "{limit:?} guards nothing");
    }
    let known: BTreeSet<&str> = Limit::ALL.iter().map(|limit| limit.quota().name).collect();
    assert!(guarding.is_subset(&known), "{:?}", guarding.difference(&known));
}

#[test]
fn everything_that_can_be_asked_for_has_a_limit_or_a_reason_for_none() {
    let rows = rows("## Who causes what");
    for row in &rows {
        let limited = !names(row[2]).is_empty() || row[2].starts_with("none");
        assert!(row.len() == 3 && limited, "{row:?}");
    }
    let listed: Vec<&str> = rows.iter().flat_map(|row| names(row[0])).collect();
    let once: BTreeSet<&str> = listed.iter().copied().collect();
    assert_eq!(listed.len(), once.len(), "something stands there twice");
    let functions = leptos::server_fn::actix::server_fn_paths()
        .map(|(path, _)| path.trim_start_matches("/fn/").to_owned());
    let asked_for: BTreeSet<String> = functions.chain(crate::isolation::plain_routes()).collect();
    let documented: BTreeSet<String> = once.into_iter().map(str::to_owned).collect();
    assert_eq!(documented, asked_for, "give each a line in docs/limits.md");
}

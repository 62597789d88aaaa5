//! Documents name tests that exist. In their tables the last column is called `test`, and each row names there what shows it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// What a row about a standard may begin with instead of naming a test.
const NO_TEST: [&str; 3] = ["not built", "not done", "no test yet"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path, end));
        } else if path.to_string_lossy().ends_with(end) {
            found.push(path);
        }
    }
    found
}

/// What is a test: functions by their names, journeys in a browser by their files.
fn tests(root: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for folder in ["server/src", "server/crates", "server/tests", "app/src"] {
        for file in sources(&root.join(folder), ".rs") {
            names.extend(marked(&fs::read_to_string(file).unwrap()));
        }
    }
    for file in sources(&root.join("end2end"), ".test.mjs") {
        names.insert(file.strip_prefix(root).unwrap().to_string_lossy().into_owned());
    }
    names
}

/// The functions of a file that are marked as tests. Other attributes may stand between the mark and its function.
fn marked(source: &str) -> BTreeSet<String> {
    let (mut names, mut is_marked) = (BTreeSet::new(), false);
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[") && (line.ends_with("test]") || line.contains("::test(")) {
            is_marked = true;
        } else if let Some(name) = function(line)
            && std::mem::take(&mut is_marked)
        {
            names.insert(name);
        }
    }
    names
}

/// The name of the function that a line begins.
fn function(line: &str) -> Option<String> {
    let rest = ["fn ", "async fn ", "pub fn ", "pub async fn "]
        .iter()
        .find_map(|start| line.strip_prefix(start))?;
    Some(
        rest.chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect(),
    )
}

/// The rows of the tables whose last column is called `test`.
fn rows(document: &str) -> Vec<&str> {
    let mut rows = Vec::new();
    let mut head: Option<&str> = None;
    for line in document.lines() {
        match head {
            _ if !line.starts_with('|') => head = None,
            None => head = Some(line),
            Some(head) if head.ends_with("| test |") && !line.starts_with("|-") => rows.push(line),
            Some(_) => {}
        }
    }
    rows
}

/// What is wrong with a row that names its tests last, or says so `instead`.
fn faults(row: &str, instead: &[&str], tests: &BTreeSet<String>) -> Vec<String> {
    let cell = row
        .trim_matches([' ', '|'])
        .rsplit(" | ")
        .next()
        .unwrap_or_default();
    if instead.iter().any(|words| cell.starts_with(words)) {
        return Vec::new();
    }
    let named: Vec<_> = cell.split('`').skip(1).step_by(2).collect();
    if named.is_empty() {
        return vec![format!("no test: {row}")];
    }
    named
        .into_iter()
        .filter(|name| !tests.contains(*name))
        .map(|name| format!("{name} is no test: {row}"))
        .collect()
}

/// Fails for what is wrong with a document, or if it has fewer rows than `least`: then they were not found.
fn check(document: &str, instead: &[&str], least: usize) {
    let root = root();
    let text = fs::read_to_string(root.join(document)).unwrap();
    let (rows, tests) = (rows(&text), tests(&root));
    let faults: Vec<_> = rows.iter().flat_map(|row| faults(row, instead, &tests)).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(rows.len() >= least, "{}", rows.len());
}

#[test]
fn every_threat_has_a_test_and_every_named_test_exists() {
    check("docs/threat-model.md", &[], 80);
}

#[test]
fn every_demand_of_a_standard_has_a_test_or_says_why_not_and_every_named_test_exists() {
    check("docs/conformance.md", &NO_TEST, 250);
}

#[test]
fn a_row_without_a_test_or_with_one_that_is_none_would_be_seen() {
    let source = "fn plain() {}\n#[test]\n#[ignore]\nfn shown() {}\n  #[actix_web::test]\n  async fn waits() {}\n#[cfg(test)]\nfn other() {}";
    let tests = marked(source);
    assert_eq!(tests, BTreeSet::from(["shown".to_owned(), "waits".to_owned()]));
    let document = "| a | b |\n|---|---|\n| x | y |\n\n| asks | test |\n|---|---|\n| `x` | `shown`, `waits` |\n| x | `other` |\n| `shown` | nothing |\n| x | not done: why |\n";
    let found: Vec<_> = rows(document)
        .iter()
        .map(|row| faults(row, &NO_TEST, &tests).len())
        .collect();
    assert_eq!(found, [0, 1, 1, 0]);
    assert_eq!(faults("| x | not done: why |", &[], &tests).len(), 1);
}

//! The threat model names tests that exist.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// The names of all functions that are tests.
fn tests(root: &Path) -> BTreeSet<String> {
    let mut files = Vec::new();
    for folder in ["server/src", "server/crates", "server/tests", "app/src"] {
        sources(&root.join(folder), &mut files);
    }
    let mut names = BTreeSet::new();
    for file in files {
        let source = fs::read_to_string(file).unwrap();
        for rest in source.split("fn ").skip(1) {
            names.insert(
                rest.chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                    .collect(),
            );
        }
    }
    names
}

#[test]
fn every_threat_has_a_test_and_every_named_test_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let model = fs::read_to_string(root.join("docs/threat-model.md")).unwrap();
    let (_, threats) = model.split_once("## Threats").unwrap();
    let tests = tests(&root);
    let mut walked = 0;
    for row in threats.lines().filter(|line| line.starts_with("| ")) {
        let columns: Vec<_> = row.trim_matches('|').split(" | ").collect();
        if columns[0].trim() == "threat" {
            continue;
        }
        let named: Vec<_> = columns[3].split('`').skip(1).step_by(2).collect();
        assert!(columns.len() == 4 && !named.is_empty(), "no test: {row}");
        for name in named {
            assert!(tests.contains(name), "{name} is no test: {row}");
        }
        walked += 1;
    }
    assert!(walked > 80, "{walked}");
}

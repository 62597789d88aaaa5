//! The shape of the source: rooms, files and the direction of what knows what.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// What stands in `iam/src` beside the rooms.
const CORE: [&str; 5] = ["core", "ctx", "error", "lib", "port"];
/// What a floor has of its own beside rooms.
const OWN: [(&str, &[&str]); 4] = [
    ("app/src/feature", &["dev", "mod"]),
    ("server/crates/domain/src", &["core", "lib"]),
    (
        "server/crates/store/src",
        &[
            "cache", "changes", "error", "lib", "migrate", "outbox", "outcomes", "pool", "sweep", "tx",
        ],
    ),
    (
        "server/tests/api",
        &[
            "core",
            "external",
            "harness",
            "http",
            "isolation",
            "limits",
            "main",
            "named_tests",
            "texts",
        ],
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found
}

/// The modules right below a folder: files and folders with something in them.
fn modules(folder: &str) -> BTreeSet<String> {
    let folder = root().join(folder);
    sources(&folder)
        .iter()
        .map(|path| module_of(path, &folder))
        .collect()
}

fn module_of(path: &Path, folder: &Path) -> String {
    let first = path.strip_prefix(folder).unwrap().iter().next().unwrap();
    first.to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// The source without comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| line.split("//").next().unwrap())
        .collect::<Vec<_>>()
        .join("\n")
}

fn without_tests(code: &str) -> &str {
    code.split("#[cfg(test)]").next().unwrap()
}

#[test]
fn every_room_is_one_of_the_use_cases() {
    let mut rooms = modules("server/crates/iam/src");
    rooms.retain(|module| !CORE.contains(&module.as_str()));
    assert!(rooms.len() > 10, "{rooms:?}");
    for (floor, own) in OWN {
        let foreign: Vec<_> = modules(floor)
            .into_iter()
            .filter(|module| !rooms.contains(module) && !own.contains(&module.as_str()))
            .collect();
        assert!(foreign.is_empty(), "{floor}: {foreign:?} is no room");
    }
}

#[test]
fn no_file_is_longer_than_400_lines() {
    for folder in [
        "app",
        "frontend/src",
        "server/src",
        "server/crates",
        "server/tests",
    ] {
        for path in sources(&root().join(folder)) {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            assert!(lines <= 400, "{} has {lines} lines", path.display());
        }
    }
}

/// The first segments of all that `code` takes from its own crate, with groups as `crate::{a::b, c}` taken apart.
fn taken_from_own_crate(code: &str) -> Vec<String> {
    let mut taken = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            taken.push(name(rest));
            continue;
        };
        let (mut depth, mut start) = (0, 0);
        for (place, letter) in group.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    taken.push(name(group[start..place].trim_start()));
                    start = place + 1;
                    if letter == '}' {
                        break;
                    }
                }
                _ => {}
            }
        }
    }
    taken.retain(|name| !name.is_empty());
    taken
}

fn name(text: &str) -> String {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    text[..end.unwrap_or(text.len())].to_owned()
}

/// Which module each name at the crate's root comes from: `pub use error::IamError`.
fn reexports(lib: &str) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for line in lib.lines().filter_map(|line| {
        line.trim()
            .strip_prefix("pub use ")
            .or_else(|| line.strip_prefix("use "))
    }) {
        let Some((module, rest)) = line.split_once("::") else {
            continue;
        };
        for item in rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            names.insert(item.to_owned(), module.to_owned());
        }
    }
    names
}

/// Who takes something from whom among the top modules of a crate.
fn uses(krate: &str, together: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let folder = root().join("server/crates").join(krate).join("src");
    let reexports = reexports(&code(&folder.join("lib.rs")));
    let node = |module: String| {
        if together.contains(&module.as_str()) {
            "core".to_owned()
        } else {
            module
        }
    };
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in sources(&folder) {
        let module = module_of(&path, &folder);
        if module == "lib" {
            continue;
        }
        let module = node(module);
        for taken in taken_from_own_crate(without_tests(&code(&path))) {
            let taken = node(reexports.get(&taken).cloned().unwrap_or(taken));
            if taken != module {
                uses.entry(module.clone()).or_default().insert(taken);
            }
        }
    }
    uses
}

#[test]
fn no_modules_go_round_in_a_circle() {
    for krate in ["types", "domain", "protocol", "store", "iam"] {
        // The floor's own of the use cases is one thing in several files.
        let mut uses = uses(krate, &CORE);
        assert!(
            krate != "iam" || uses["members"].contains("workspaces"),
            "{uses:?}"
        );
        // What takes from nobody, or only from what is gone, goes; a circle stays.
        loop {
            let free: BTreeSet<String> = uses
                .iter()
                .filter(|(_, taken)| taken.iter().all(|one| !uses.contains_key(one)))
                .map(|(module, _)| module.clone())
                .collect();
            if free.is_empty() {
                break;
            }
            uses.retain(|module, _| !free.contains(module));
        }
        assert!(uses.is_empty(), "{krate}: a circle among {uses:?}");
    }
}

#[test]
fn parts_of_pages_know_no_layout_and_no_page_and_layouts_know_no_page() {
    for (folder, barred) in [
        ("app/src/ui", &["layout", "feature"][..]),
        ("app/src/layout", &["feature"]),
        ("server/src/http", &["application"]),
    ] {
        for path in sources(&root().join(folder)) {
            let taken = taken_from_own_crate(&code(&path));
            let wrong = taken.iter().find(|one| barred.contains(&one.as_str()));
            assert!(wrong.is_none(), "{} takes from {wrong:?}", path.display());
        }
    }
}

#[test]
fn what_changes_without_an_event_is_a_closed_list() {
    let (folder, mut unlogged) = (root().join("server/crates/iam/src"), BTreeMap::new());
    for path in sources(&folder) {
        for why in code(&path).split("commit_unlogged(Unlogged::").skip(1) {
            let file = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
            *unlogged.entry((file, name(why))).or_insert(0) += 1;
        }
    }
    let listed = unlogged
        .iter()
        .map(|((file, why), times)| (file.as_str(), why.as_str(), *times));
    let known = [
        ("account/two_step.rs", "SetUpUnderWay", 1),
        ("connections/begin.rs", "AtProvider", 1),
        ("domains/proof.rs", "ProofLookedAt", 2),
        ("members/invitation.rs", "AlreadySo", 1),
        ("members/joining.rs", "AlreadySo", 1),
        ("provider/decide.rs", "RequestUnderWay", 1),
        ("sign_in/pending.rs", "SignInUnderWay", 1),
    ];
    assert_eq!(listed.collect::<Vec<_>>(), known);
}

/// The functions of a source without tests: their names, each with all up to the next.
fn functions(code: &str) -> Vec<(String, &str)> {
    let parts = without_tests(code).split("fn ");
    parts.skip(1).map(|part| (name(part), part)).collect()
}

fn writes(body: &str) -> bool {
    let updates = body.matches("UPDATE ").count() > body.matches("FOR UPDATE ").count();
    updates
        || ["INSERT INTO", "DELETE FROM", "VALUES (rooiam_"]
            .iter()
            .any(|write| body.contains(write))
}

#[test]
fn what_is_written_outside_a_transaction_is_a_closed_list() {
    let folder = root().join("server/crates/store/src");
    let mut written = BTreeSet::new();
    for path in sources(&folder) {
        let code = code(&path);
        let file = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
        for (function, body) in functions(&code) {
            if (body.contains("self.pool") || body.contains("impl Executor<")) && writes(body) {
                written.insert((file.clone(), function));
            }
        }
    }
    let written: Vec<_> = written
        .iter()
        .map(|(file, function)| (file.as_str(), function.as_str()))
        .collect();
    // No log is told of any of these but those of the provider that take events.
    let known = [
        ("outbox.rs", "claim_mail"),
        ("outbox.rs", "give_up_expired_mail"),
        ("outbox.rs", "mail_postponed"),
        ("outbox.rs", "mail_refused"),
        ("outbox.rs", "mail_sent"),
        ("outcomes.rs", "put_outcome"),
        ("outcomes.rs", "take_outcome"),
        ("provider/authorization.rs", "keep_authorization"),
        ("provider/code.rs", "redeem_code"),
        ("provider/code.rs", "write"),
        ("provider/refresh_token.rs", "repeat_refresh"),
        ("provider/refresh_token.rs", "rotate_refresh_token"),
        ("sign_in/passkey.rs", "put_off_passkey_offer"),
        ("sign_in/passkey_challenge.rs", "insert_passkey_challenge"),
        ("sign_in/session.rs", "touch_session"),
        ("sweep.rs", "sweep_global"),
    ];
    assert_eq!(written, known);
}

/// Functions of the database that change nothing that lasts, and those that do.
const READ: &str = "app app_roles enter grant models presented request workspace";
const WRITE: &str = "grant_code keep_authorization log redeem_code repeat_refresh rotate_refresh_token";

#[test]
fn a_function_that_writes_is_called_by_what_is_never_repeated() {
    let mut written = BTreeSet::new();
    for path in sources(&root().join("server/crates/store/src")) {
        let code = code(&path);
        for (before, called) in calls(without_tests(&code), "rooiam_") {
            if !READ.split(' ').any(|read| read == called) {
                let once = before.ends_with("VALUES (") || called == "log";
                assert!(once, "{}: {called} would be repeated", path.display());
                written.insert(called);
            }
        }
    }
    assert_eq!(written.into_iter().collect::<Vec<_>>().join(" "), WRITE);
}

/// What is called whose name begins with `prefix`, each with the code before it.
fn calls<'a>(code: &'a str, prefix: &str) -> Vec<(&'a str, String)> {
    let all = (code.match_indices(prefix)).map(|(at, _)| (&code[..at], name(&code[at + prefix.len()..])));
    all.filter(|(before, called)| code[before.len() + prefix.len() + called.len()..].starts_with('('))
        .collect()
}

/// All sources below a folder as one.
fn all_code(folder: &str) -> String {
    sources(&root().join(folder))
        .iter()
        .map(|path| code(path))
        .collect()
}

#[test]
fn every_action_has_a_constructor_and_a_test_that_asserts_it() {
    let vocabulary = code(&root().join("server/crates/domain/src/audit/action.rs"));
    let actions: Vec<_> = vocabulary
        .lines()
        .filter_map(|line| line.trim().trim_end_matches(',').split_once(" = "))
        .filter(|(_, stored)| stored.starts_with('"'))
        .collect();
    assert!(actions.len() > 50, "{actions:?}");
    let told = all_code("server/crates/domain/src/audit/told");
    let tests = all_code("server/tests/api");
    for (action, stored) in actions {
        assert!(
            told.contains(&format!("Action::{action},")),
            "{action} is never told"
        );
        let in_sql = stored.replace('"', "'");
        assert!(
            tests.contains(stored) || tests.contains(&in_sql),
            "no test asserts {stored}"
        );
    }
}

#[test]
fn addresses_are_built_in_one_place() {
    for folder in ["app/src", "server/src", "server/crates"] {
        for path in sources(&root().join(folder)) {
            let source = code(&path);
            let source = without_tests(&source);
            let built = source.contains("format!(\"/w/") || source.contains("format!(\"{}/w/");
            let may = !built || path.to_string_lossy().contains("types/src/paths");
            assert!(may, "{} builds an address", path.display());
        }
    }
}

#[test]
fn no_function_takes_too_many_arguments() {
    for folder in ["app/src", "server/src", "server/crates"] {
        for path in sources(&root().join(folder)) {
            assert!(!code(&path).contains("too_many_arguments"), "{}", path.display());
        }
    }
}

#[test]
fn what_is_taken_is_read_off_the_source() {
    let code = "use crate::{Ctx, core::{limits::Limit, mail}, error};\nlet x = crate::members::joined();";
    assert_eq!(taken_from_own_crate(code), ["Ctx", "core", "error", "members"]);
    assert_eq!(
        reexports("pub use ctx::{Actor, Ctx};")
            .get("Ctx")
            .map(String::as_str),
        Some("ctx")
    );
}

//! Which texts there are, and where the app writes them: read from the source, so that none is forgotten.

use Kind::{Line, Lines, Name, Word};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// What a text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A name.
    Name,
    /// A line.
    Line,
    /// A few lines.
    Lines,
    /// What an app calls a role.
    Word,
}

/// The texts that others see, by server function and argument.
pub const TEXTS: &[(&str, &str, Kind)] = &[
    ("create_workspace", "name", Name),
    ("update_workspace", "name", Name),
    ("register_app", "name", Name),
    ("update_app", "name", Name),
    ("create_role", "name", Name),
    ("rename_role", "name", Name),
    ("create_group", "name", Name),
    ("rename_group", "name", Name),
    ("create_app_role", "name", Word),
    ("set_display_name", "name", Name),
    ("rename_passkey", "name", Name),
    ("end_app_sessions", "reason", Line),
    ("end_user_session", "reason", Line),
    ("begin_recovery", "reason", Line),
    ("begin_user_recovery", "reason", Line),
    ("create_connection", "name", Name),
    ("update_connection", "name", Name),
    ("open_support", "reason", Line),
    ("suspend_workspace", "reason", Line),
    ("update_branding", "login_text", Lines),
];

/// Arguments that others never see as they were typed: identifiers, choices, numbers, secrets, searches; and addresses,
/// domains, links and colours, which have a grammar of their own and one spelling in ASCII.
const NO_TEXTS: &[&str] = &[
    "accent",
    "address",
    "addresses",
    "admission",
    "after",
    "added",
    "again",
    "answer",
    "apps_ceiling",
    "before",
    "challenge",
    "change",
    "claim",
    "client_type",
    "by_mail",
    "code",
    "confirmation",
    "creation",
    "default_admission",
    "domain",
    "email",
    "form",
    "grant",
    "grants",
    "groups",
    "host",
    "hours",
    "id",
    "id_token_alg",
    "ids",
    "invitation",
    "issuer",
    "joining",
    "key",
    "language",
    "member",
    "members_ceiling",
    "methods",
    "models",
    "never",
    "next",
    "order",
    "others",
    "passkey",
    "passkeys",
    "password",
    "person",
    "recovery",
    "recovery_code",
    "preset",
    "proof",
    "redirect_uris",
    "removed",
    "request",
    "role",
    "roles",
    "same",
    "search",
    "second_factor_days",
    "session",
    "sessions_ceiling",
    "sign_in_max_age",
    "sign_in_max_idle",
    "set_up",
    "slug",
    "state",
    "support",
    "time_zone",
    "token",
    "toll",
    "two_factors",
    "trust",
    "trust_days",
    "trusted",
    "typed",
    "value",
    "values",
    "versions",
    "work",
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

fn app_sources() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src");
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(&path).unwrap())
    };
    sources(&folder).into_iter().map(read).collect()
}

/// The server functions with the names of their arguments, from the source.
fn arguments() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (_, source) in app_sources() {
        for part in source.split("endpoint = \"").skip(1) {
            let function = part.split('"').next().unwrap();
            let signature = part.split_once("fn ").unwrap().1.split_once(" -> ").unwrap().0;
            let list = signature.split_once('(').unwrap().1.rsplit_once(')').unwrap().0;
            for argument in list.split(':').rev().skip(1) {
                let name = argument.split([' ', ',', ']', '\n']).next_back().unwrap();
                found.insert((function.to_owned(), name.to_owned()));
            }
        }
    }
    found
}

#[test]
fn every_text_that_a_form_sends_is_known() {
    let listed = arguments();
    assert!(listed.len() > 100, "{listed:?}");
    let text = |(function, argument): &(String, String)| {
        TEXTS
            .iter()
            .any(|(name, field, _)| name == function && field == argument)
    };
    let unknown: Vec<_> = listed
        .iter()
        .filter(|one| !text(one) && !NO_TEXTS.contains(&one.1.as_str()))
        .collect();
    assert!(unknown.is_empty(), "say what these are in this file: {unknown:?}");
    let texts: BTreeSet<_> = listed.iter().filter(|one| text(one)).collect();
    assert_eq!(texts.len(), TEXTS.len(), "no such argument any more: {texts:?}");
}

#[test]
fn only_one_place_writes_what_the_framework_does_not_escape() {
    let places = |what: &str| -> Vec<String> {
        let sources = app_sources().into_iter();
        let found = sources.filter(|(_, source)| source.contains(what));
        found.map(|(name, _)| name).collect()
    };
    assert_eq!(places("<Title"), ["ui/raw.rs"]);
    assert_eq!(places("<textarea"), ["ui/form.rs"]);
    // The page between us and an app: its script is a constant, its refresh an attribute. The shell's names its assets.
    assert_eq!(places("<noscript"), ["server/to_app.rs"]);
    assert_eq!(
        places("<script"),
        ["server/shell.rs", "server/to_app.rs", "ui/script.rs"]
    );
    // Drawings of a library, named by a closed list.
    assert_eq!(places("inner_html"), ["ui/icon.rs"]);
    assert_eq!(places("<style"), [""; 0]);
}

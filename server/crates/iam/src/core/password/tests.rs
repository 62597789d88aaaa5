//! Against hashes that others made.

use super::*;
use chrono::DateTime;
use iam_types::UserId;
use uuid::Uuid;

const PASSWORD: &str = "correct horse battery staple";
/// What argon2-cffi made with our cost.
const CURRENT: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlIHNhbA$tKk2gUqm8SsZxIwKwNdax8uSrFpRRq75bla2/W94+oA";

/// Of [`PASSWORD`], by argon2-cffi, libxcrypt and Python's hashlib.
const FOREIGN: [(&str, &str); 8] = [
    (
        "argon2i",
        "$argon2i$v=19$m=4096,t=3,p=1$c2l4dGVlbiBieXRlIHNhbA$sUIu1fMQYiHRD0VQxoulyMwMwnKfr4y7aRfm1SRi75U",
    ),
    (
        "argon2id",
        "$argon2id$v=19$m=8192,t=3,p=2$c2l4dGVlbiBieXRlIHNhbA$ACI+nC7IeMNTlsFE+gSrnb7Rk/UNpGNbA3XtzLgF3DU",
    ),
    (
        "bcrypt",
        "$2b$06$abcdefghijklmnopqrstuu10cNU3mXRamSUZYs8I8M/Szu..qXq5K",
    ),
    (
        "bcrypt",
        "$2y$06$abcdefghijklmnopqrstuu10cNU3mXRamSUZYs8I8M/Szu..qXq5K",
    ),
    (
        "pbkdf2-sha256",
        "$pbkdf2-sha256$i=29000,l=32$c2l4dGVlbiBieXRlIHNhbA$Ja29OKRdcIRcX9HWymY8rJ0yK50EcdzhDP6IZEK6GWQ",
    ),
    (
        "pbkdf2-sha512",
        "$pbkdf2-sha512$i=25000,l=64$c2l4dGVlbiBieXRlIHNhbA$jQ8Pe1TQWnJavXmw5Wfe9PbAmpoPqBBLuyackebOjMtlvk8cYKMd/m/NaUBif8jEpbZDtkkLfBXHilbX1AgABw",
    ),
    (
        "pbkdf2-sha256",
        "pbkdf2_sha256$29000$djangosalt$O88pzz0vEVJL4nKnh8GnSKeDxFIHUr8Bti5UkkOFmTw=",
    ),
    (
        "scrypt",
        "$scrypt$ln=14,r=8,p=1$c2l4dGVlbiBieXRlIHNhbA$NPmmEi/ZgjNnGLL5O8T9HWxMby2TpaRa3g2ED/WgHa4",
    ),
];

struct Known(io::Result<bool>);

impl BreachedPasswords for Known {
    fn contains(&self, _sha1: &[u8; 20]) -> io::Result<bool> {
        match &self.0 {
            Ok(known) => Ok(*known),
            Err(error) => Err(io::Error::from(error.kind())),
        }
    }
}

fn stored(hash: &str, imported: bool) -> StoredPassword {
    StoredPassword {
        user_id: UserId::from_uuid(Uuid::nil()),
        hash: hash.to_owned(),
        imported,
        must_change: false,
        set_at: DateTime::UNIX_EPOCH,
        last_used_at: None,
    }
}

fn checked(typed: &str, hash: &str, imported: bool) -> Checked {
    check(
        Password::typed(typed),
        Some(stored(hash, imported)),
        None,
        &[7; 16],
    )
}

#[test]
fn what_others_made_is_read_checked_and_made_anew() {
    for (method, hash) in FOREIGN {
        let read = Hashed::parse(hash).unwrap();
        assert_eq!(read.method(), method);
        assert!(!read.is_current(), "{hash}");
        assert!(
            !checked("correct horse battery staples", hash, true).right,
            "{hash}"
        );
        let right = checked(PASSWORD, hash, true);
        assert!(right.right, "{hash}");
        let renewed = right.renewed.unwrap();
        let again = checked(PASSWORD, &renewed, false);
        assert!(again.right && again.renewed.is_none(), "{renewed}");
    }
}

#[test]
fn what_we_make_is_what_others_make_with_our_cost() {
    assert!(Hashed::parse(CURRENT).unwrap().is_current());
    let right = checked(PASSWORD, CURRENT, false);
    assert!(right.right && right.renewed.is_none());
    // It came with a file, so it is of another spelling, perhaps.
    assert!(checked(PASSWORD, CURRENT, true).renewed.is_some());
    assert_eq!(make(PASSWORD, b"sixteen byte sal").as_deref(), Some(CURRENT));
}

#[test]
fn our_own_are_of_one_spelling_and_those_of_others_of_what_was_typed() {
    let ours = make("Müller straße 12", &[1; 16]).unwrap();
    let apart = "Mu\u{308}ller straße 12";
    assert!(checked(apart, &ours, false).right);
    assert!(!checked(apart, &ours, true).right);
}

#[test]
fn whoever_has_no_password_costs_what_everybody_does_and_has_none() {
    assert!(Hashed::parse(STAND_IN).unwrap().is_current());
    for password in [None, Password::typed(""), Password::typed(PASSWORD)] {
        let checked = check(password, None, Some(&Known(Ok(true))), &[7; 16]);
        assert!(!checked.right && !checked.breached && checked.renewed.is_none());
    }
    // What is longer than any password is none, whatever is stored.
    let empty = make("", &[1; 16]).unwrap();
    assert!(!check(None, Some(stored(&empty, false)), None, &[7; 16]).right);
    assert!(!checked(PASSWORD, "nonsense", false).right);
}

#[test]
fn a_file_that_cannot_be_read_keeps_nobody_out() {
    let gone = || Known(Err(io::Error::from(io::ErrorKind::NotFound)));
    for (known, breached) in [
        (Known(Ok(true)), true),
        (Known(Ok(false)), false),
        (gone(), false),
    ] {
        let stored = Some(stored(CURRENT, false));
        let checked = check(Password::typed(PASSWORD), stored, Some(&known), &[7; 16]);
        assert!(checked.right);
        assert_eq!(checked.breached, breached);
    }
}

#[test]
fn what_costs_too_much_or_is_none_is_not_taken() {
    let [salt, key] = [
        "c2l4dGVlbiBieXRlIHNhbA",
        "NPmmEi/ZgjNnGLL5O8T9HWxMby2TpaRa3g2ED/WgHa4",
    ];
    for costly in [
        format!("$argon2id$v=19$m=1048576,t=1,p=1${salt}${key}"),
        format!("$argon2id$v=19$m=65536,t=9,p=1${salt}${key}"),
        format!("$argon2id$v=19$m=4096,t=4294967295,p=1${salt}${key}"),
        format!("$scrypt$ln=20,r=8,p=1${salt}${key}"),
        format!("$scrypt$ln=10,r=8,p=100000${salt}${key}"),
        format!("$scrypt$ln=63,r=4294967295,p=4294967295${salt}${key}"),
        format!("$pbkdf2-sha256$i=4294967295${salt}${key}"),
        "$2b$31$abcdefghijklmnopqrstuu10cNU3mXRamSUZYs8I8M/Szu..qXq5K".to_owned(),
    ] {
        assert_eq!(
            Hashed::parse(&costly).err(),
            Some(UnusableHash::TooCostly),
            "{costly}"
        );
    }
    let cheap = format!("$pbkdf2-sha256$i=1${salt}${key}");
    assert_eq!(Hashed::parse(&cheap).err(), Some(UnusableHash::TooCheap));
    for unknown in [
        "",
        "secret",
        "5f4dcc3b5aa765d61d8327deb882cf99",
        "$1$salt$hash",
        "$2x$06$abcdefghijklmnopqrstuu10cNU3mXRamSUZYs8I8M/Szu..qXq5K",
        "$argon2d$v=19$m=4096,t=3,p=1$c2l4dGVlbiBieXRlIHNhbA$AAAA",
    ] {
        assert_eq!(
            Hashed::parse(unknown).err(),
            Some(UnusableHash::Unknown),
            "{unknown}"
        );
    }
    for malformed in [
        "$2b$06$short".to_owned(),
        "$2b$0\u{e9}$abc".to_owned(),
        "$argon2id$".to_owned(),
        "$argon2id$v=19$m=4096,t=3,p=1".to_owned(),
        format!("$scrypt$ln=14${salt}${key}"),
        format!("$pbkdf2-sha256$i=29000${salt}"),
        "pbkdf2_sha256$29000$djangosalt".to_owned(),
        "pbkdf2_sha256$x$djangosalt$AAAA".to_owned(),
        format!("$scrypt$ln=14,r=8,p=1${salt}${}", "A".repeat(600)),
    ] {
        assert_eq!(
            Hashed::parse(&malformed).err(),
            Some(UnusableHash::Malformed),
            "{malformed}"
        );
    }
}

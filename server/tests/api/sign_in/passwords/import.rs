//! Passwords from other servers.

use super::{ADA, GOOD, LOGIN, allow, stored, try_at, with_password};
use crate::harness::Harness;
use serde_json::{Value, json};
use server::admin::{Report, import_lines};

/// Of [`GOOD`], by argon2-cffi, libxcrypt and Python's hashlib.
const FOREIGN: [&str; 6] = [
    "$argon2i$v=19$m=4096,t=3,p=1$c2l4dGVlbiBieXRlIHNhbA$sUIu1fMQYiHRD0VQxoulyMwMwnKfr4y7aRfm1SRi75U",
    "$2b$06$abcdefghijklmnopqrstuu10cNU3mXRamSUZYs8I8M/Szu..qXq5K",
    "$pbkdf2-sha256$i=29000,l=32$c2l4dGVlbiBieXRlIHNhbA$Ja29OKRdcIRcX9HWymY8rJ0yK50EcdzhDP6IZEK6GWQ",
    "$pbkdf2-sha512$i=25000,l=64$c2l4dGVlbiBieXRlIHNhbA$jQ8Pe1TQWnJavXmw5Wfe9PbAmpoPqBBLuyackebOjMtlvk8cYKMd/m/NaUBif8jEpbZDtkkLfBXHilbX1AgABw",
    "pbkdf2_sha256$29000$djangosalt$O88pzz0vEVJL4nKnh8GnSKeDxFIHUr8Bti5UkkOFmTw=",
    "$scrypt$ln=14,r=8,p=1$c2l4dGVlbiBieXRlIHNhbA$NPmmEi/ZgjNnGLL5O8T9HWxMby2TpaRa3g2ED/WgHa4",
];

async fn import(house: &Harness, lines: &[Value], create: bool) -> Report {
    let file: String = lines.iter().map(|line| format!("{line}\n")).collect();
    import_lines(&house.iam, file.as_bytes(), create).await.unwrap()
}

fn line(email: &str, hash: &str) -> Value {
    json!({ "email": email, "email_verified": true, "hash": hash })
}

#[actix_web::test]
async fn people_of_another_server_sign_in_with_the_passwords_they_have_there() {
    let house = Harness::start().await;
    allow(&house, None).await;
    let people: Vec<_> = (0..FOREIGN.len())
        .map(|n| format!("ada{n}@example.com"))
        .collect();
    let lines: Vec<_> = people
        .iter()
        .zip(FOREIGN)
        .map(|(email, hash)| line(email, hash))
        .collect();
    let report = import(&house, &lines, true).await;
    assert_eq!((report.created, report.known), (FOREIGN.len(), 0));
    assert_eq!(report.refused, []);
    for email in &people {
        let browser = house.browser();
        assert_eq!(
            try_at(&browser, LOGIN, email, "another").await.as_deref(),
            Some("password_wrong"),
            "{email}"
        );
        assert_eq!(try_at(&browser, LOGIN, email, GOOD).await, None, "{email}");
    }
    let all = house.database.all_seeing().await.unwrap();
    let left: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM passwords WHERE imported OR hash NOT LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'",
    )
    .fetch_one(&all)
    .await
    .unwrap();
    assert_eq!(left, 0, "all are hashed as ours are");
    let people = FOREIGN.len() as i64;
    assert_eq!(
        house
            .told(["password.imported", "user.created", "session.created"])
            .await,
        [people, people, people]
    );
}

#[actix_web::test]
async fn a_file_gives_a_password_to_nobody_who_was_not_proved_to_be_there() {
    let house = Harness::start().await;
    allow(&house, None).await;
    house.sign_in(ADA).await;
    let _bob = with_password(&house, "bob@example.com").await;
    let hash = FOREIGN[1];
    let costly = "$2b$20$abcdefghijklmnopqrstuu10cNU3mXRamSUZYs8I8M/Szu..qXq5K";
    let lines = [
        json!({ "email": ADA, "hash": hash }),
        json!({ "email": ADA, "email_verified": false, "hash": hash }),
        line("nobody@example.com", hash),
        line("no address", hash),
        line(ADA, costly),
        line(ADA, "plain password"),
        line("bob@example.com", hash),
        json!({ "email": ADA, "email_verified": true, "hash": hash, "admin": true }),
        line(ADA, hash),
    ];
    let report = import(&house, &lines, false).await;
    assert_eq!((report.created, report.known), (0, 1));
    let refused: Vec<_> = report
        .refused
        .iter()
        .map(|(number, why)| (*number, why.as_str()))
        .collect();
    let expected = [
        (1, "not verified"),
        (2, "not verified"),
        (3, "nobody has this address"),
        (4, "no e-mail address"),
        (5, "costs too much"),
        (6, "unknown kind"),
        (7, "a password already"),
        (8, "no such object"),
    ];
    assert_eq!(refused.len(), expected.len(), "{refused:?}");
    for ((number, why), (line, part)) in refused.into_iter().zip(expected) {
        assert!(number == line && why.contains(part), "{number}: {why}");
        assert!(!why.contains("$2b$") && !why.contains("plain"), "{why}");
    }
    let all = house.database.all_seeing().await.unwrap();
    let people: i64 = sqlx::query_scalar("SELECT count(*) FROM users")
        .fetch_one(&all)
        .await
        .unwrap();
    assert_eq!(people, 2, "nobody came into being");
    assert_eq!(try_at(&house.browser(), LOGIN, ADA, GOOD).await, None);
}

#[actix_web::test]
async fn an_imported_password_that_is_to_be_changed_signs_nobody_in() {
    let house = Harness::start().await;
    allow(&house, None).await;
    let mut one = line(ADA, FOREIGN[1]);
    one["must_change"] = true.into();
    assert_eq!(import(&house, &[one], true).await.created, 1);
    let browser = house.browser();
    let spent = try_at(&browser, LOGIN, ADA, GOOD).await;
    assert_eq!(spent.as_deref(), Some("password_spent"));
    assert_eq!(stored(&house).await, (FOREIGN[1].to_owned(), true, true));
    house.sign_in(ADA).await;
}

#[actix_web::test]
async fn a_line_that_is_no_text_or_has_no_end_spoils_no_other() {
    let house = Harness::start().await;
    allow(&house, None).await;
    let good = line(ADA, FOREIGN[1]).to_string();
    let mut file = b"\xff\xfe\n".to_vec();
    file.extend(b"x".repeat(100_000));
    file.extend(format!("\n{good}\n").bytes());
    let report = import_lines(&house.iam, file.as_slice(), true).await.unwrap();
    let numbers: Vec<_> = report.refused.iter().map(|(number, _)| *number).collect();
    assert_eq!((report.created, numbers), (1, vec![1, 2]));
}

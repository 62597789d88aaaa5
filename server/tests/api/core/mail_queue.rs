//! The outbox in front of mail servers that are slow, hang, refuse and break off.

use crate::{
    harness::{Browser, Harness, location},
    members::{call, page},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use iam::{
    Ctx, Iam,
    domain::core::mail::Lane,
    port::{MailError, Mailer, Outgoing},
};
use iam_testkit::{Answer, CaughtMailer, Sink};
use reqwest::StatusCode;
use server::adapter::smtp::SmtpMailer;
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, task::JoinHandle};

const FROM: &str = "Rooiam <no-reply@id.example.com>";

/// Lets mail to domains under `.test` leave by SMTP and catches the rest.
struct Split {
    smtp: SmtpMailer,
    caught: Arc<CaughtMailer>,
}

#[async_trait]
impl Mailer for Split {
    async fn send(&self, mail: &Outgoing) -> Result<(), MailError> {
        if mail.mail.to().ends_with(".test") {
            self.smtp.send(mail).await
        } else {
            self.caught.send(mail).await
        }
    }
}

fn smtp(sink: &Sink) -> SmtpMailer {
    SmtpMailer::new(&sink.url(), FROM).unwrap()
}

/// A server whose mail to `.test` goes to the sink, and the owner of its workspace.
async fn house_at(sink: &Sink) -> (Harness, Browser) {
    let smtp = smtp(sink);
    let house = Harness::start_with(|caught| Arc::new(Split { smtp, caught })).await;
    let owner = house.owner_of("acme").await;
    (house, owner)
}

async fn ask(house: &Harness, email: &str) {
    let form = [("email", email), ("slug", ""), ("request", "")];
    let answer = house.browser().post("/fn/request_magic_link", &form).await;
    assert!(location(&answer).starts_with("/login/sent?"));
}

async fn invite(owner: &Browser, addresses: &[String]) {
    let form = [
        ("slug", "acme"),
        ("addresses", &addresses.join("\n")),
        ("role", "member"),
    ];
    assert_eq!(call(owner, "invite", &form).await, StatusCode::OK);
}

/// Asks a core for a sign-in mail, and returns the cookie of the browser.
pub async fn ask_core(iam: &Iam, browser: Option<String>, email: &str) -> String {
    let ctx = Ctx {
        browser,
        ..Ctx::default()
    };
    let cookie = iam
        .sign_in()
        .request_email(&ctx, email, None, None, "", false)
        .await
        .unwrap();
    cookie.browser.expose().to_owned()
}

pub fn work(iam: &Iam, sink: &Sink) -> (JoinHandle<()>, Arc<Notify>) {
    let (iam, mailer, stop) = (iam.clone(), Arc::new(smtp(sink)), Arc::new(Notify::new()));
    let stopped = Arc::clone(&stop);
    let worker = tokio::spawn(async move { iam.run_mail_worker(mailer, &stopped).await });
    (worker, stop)
}

/// Waits until a question to the database has the answer yes.
pub async fn until(all: &PgPool, question: &str) {
    for _ in 0..600 {
        let yes: bool = sqlx::query_scalar(sqlx::AssertSqlSafe(question.to_owned()))
            .fetch_one(all)
            .await
            .unwrap();
        if yes {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("in vain: {question}");
}

pub async fn yes(all: &PgPool, question: &str) -> bool {
    sqlx::query_scalar(sqlx::AssertSqlSafe(question.to_owned()))
        .fetch_one(all)
        .await
        .unwrap()
}

/// The mail that was tried has come back to the outbox.
pub const PUT_BACK: &str = "SELECT count(*) = 1 FROM outbox_mails WHERE attempts > 0 AND sent_at IS NULL AND failed_at IS NULL AND leased_until IS NULL";

#[actix_web::test]
async fn a_hundred_slow_invitations_do_not_delay_a_sign_in_mail() {
    let sink = Sink::start(|to, _| {
        if to.contains("guest") {
            Answer::Hold
        } else {
            Answer::Take
        }
    })
    .await
    .unwrap();
    let (house, _) = house_at(&sink).await;
    // A workspace of yesterday may invite so many.
    house.clock.advance(TimeDelta::days(1));
    let owner = house.sign_in("owner@acme.example").await;
    let guests: Vec<_> = (0..100).map(|n| format!("guest{n}@d{n}.test")).collect();
    invite(&owner, &guests).await;
    // As many as there may be are on their way, and none of them gets through.
    sink.content(10).await;
    ask(&house, "ada@example.test").await;
    assert_eq!(sink.taken(1).await[0].to, "ada@example.test");
    assert_eq!(sink.count_named(|to| to.contains("guest")), 10);
    // Nothing is held in the database meanwhile.
    let all = house.database.all_seeing().await.unwrap();
    let idle = "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    assert!(yes(&all, idle).await);
    let free = "SELECT count(*) = 10 FROM (SELECT 1 FROM outbox_mails WHERE leased_until IS NOT NULL FOR UPDATE NOWAIT) mails";
    // The one that was taken is written off a moment later.
    until(&all, free).await;
    sink.release();
    assert_eq!(sink.taken(101).await.len(), 101);
}

#[actix_web::test]
async fn a_receiver_that_hangs_holds_up_only_its_own_mail() {
    let sink = Sink::start(|to, _| {
        if to.ends_with("@hang.test") {
            Answer::Hang
        } else {
            Answer::Take
        }
    })
    .await
    .unwrap();
    let (house, owner) = house_at(&sink).await;
    let hangs = |to: &str| to.ends_with("@hang.test");
    let guests: Vec<_> = (0..20).map(|n| format!("guest{n}@hang.test")).collect();
    invite(&owner, &guests).await;
    sink.named(3, hangs).await;
    for n in 0..10 {
        ask(&house, &format!("p{n}@hang.test")).await;
    }
    sink.named(9, hangs).await;
    ask(&house, "ada@example.test").await;
    invite(&owner, &["ben@example.test".to_owned()]).await;
    let mut taken: Vec<_> = sink.taken(2).await.into_iter().map(|mail| mail.to).collect();
    taken.sort();
    assert_eq!(taken, ["ada@example.test", "ben@example.test"]);
    assert_eq!(
        sink.count_named(hangs),
        9,
        "6 sign-in mails and 3 invitations at once"
    );
}

#[actix_web::test]
async fn a_refused_invitation_is_not_tried_again_and_says_so_where_it_was_sent() {
    let sink = Sink::start(|to, before| match (to, before) {
        ("gone@example.test", 0) => Answer::Receiver("550 5.1.1 <gone@example.test>: no such user"),
        _ => Answer::Take,
    })
    .await
    .unwrap();
    let (house, owner) = house_at(&sink).await;
    invite(
        &owner,
        &["gone@example.test".to_owned(), "ben@example.test".to_owned()],
    )
    .await;
    let all = house.database.all_seeing().await.unwrap();
    until(
        &all,
        "SELECT count(*) = 1 FROM outbox_mails WHERE failed_at IS NOT NULL AND payload IS NULL",
    )
    .await;
    until(
        &all,
        "SELECT count(*) = 2 FROM outbox_mails WHERE kind = 'invitation' AND payload IS NULL",
    )
    .await;
    assert!(
        yes(
            &all,
            "SELECT bool_and(last_error = '550 5.1.1') FROM outbox_mails WHERE failed_at IS NOT NULL"
        )
        .await
    );
    let (_, list) = page(&owner, "/w/acme/admin/invitations").await;
    let rows: Vec<_> = list.split("<tr>").collect();
    let row = |email: &str| {
        *rows
            .iter()
            .find(|row| row.contains(&format!("dir=\"auto\">{email}")))
            .unwrap()
    };
    assert!(
        row("gone@example.test").contains("Not delivered") && row("gone@example.test").contains("550 5.1.1")
    );
    assert!(!row("ben@example.test").contains("delivered"));
    let (_, overview) = page(&owner, "/w/acme/admin").await;
    assert!(
        overview.contains("1 invitation couldn’t be delivered"),
        "{overview}"
    );
    house
        .iam
        .platform()
        .appoint_operator("olga@operator.example")
        .await
        .unwrap();
    let olga = house.sign_in("olga@operator.example").await;
    let (_, health) = page(&olga, "/platform/health").await;
    assert!(health.contains("<dt>550 5.1.1<!></dt><dd>1<"), "{health}");
    house.clock.advance(TimeDelta::days(1));
    ask(&house, "ada@example.test").await;
    sink.taken(2).await;
    assert_eq!(sink.count_named(|to| to == "gone@example.test"), 1);
    // Whoever mends the mailbox is asked again.
    let id = list
        .split("name=\"id\" value=\"")
        .skip(1)
        .map(|part| part.split('"').next().unwrap());
    for id in id.collect::<std::collections::HashSet<_>>() {
        let again = owner
            .post("/fn/resend_invitation", &[("slug", "acme"), ("id", id)])
            .await;
        assert!(again.status().is_redirection(), "{}", again.status());
    }
    sink.named(2, |to| to == "gone@example.test").await;
    until(
        &all,
        "SELECT count(*) = 0 FROM outbox_mails WHERE failed_at IS NOT NULL",
    )
    .await;
    let (_, list) = page(&owner, "/w/acme/admin/invitations").await;
    assert!(!list.contains("Not delivered"), "{list}");
}

#[actix_web::test]
async fn what_has_lost_its_point_does_not_leave() {
    let sink = Sink::start(|to, before| match (to, before) {
        ("guest@example.test", 0) => Answer::Receiver("450 4.2.1 later"),
        _ => Answer::Take,
    })
    .await
    .unwrap();
    let (house, owner) = house_at(&sink).await;
    let all = house.database.all_seeing().await.unwrap();
    invite(&owner, &["guest@example.test".to_owned()]).await;
    sink.named(1, |_| true).await;
    until(&all, PUT_BACK).await;
    let (_, list) = page(&owner, "/w/acme/admin/invitations").await;
    assert!(list.contains("hasn’t been delivered yet (450 4.2.1)"), "{list}");
    let id = list
        .split("name=\"id\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let about = [("slug", "acme"), ("id", id)];
    assert_eq!(call(&owner, "withdraw_invitation", &about).await, StatusCode::OK);
    house.clock.advance(TimeDelta::minutes(1));
    ask(&house, "ada@example.test").await;
    assert_eq!(sink.taken(1).await[0].to, "ada@example.test");
    assert_eq!(sink.count_named(|to| to == "guest@example.test"), 1);

    let quiet = Harness::quiet().await;
    let first = ask_core(&quiet.iam, None, "ada@example.test").await;
    let claimed = quiet
        .iam
        .store()
        .claim_mail(quiet.iam.now(), Lane::LAST)
        .await
        .unwrap()
        .unwrap();
    ask_core(&quiet.iam, Some(first), "ada@example.test").await;
    // Also where a node has it in its hands already.
    assert!(
        !quiet
            .iam
            .store()
            .holds_mail(&claimed, quiet.iam.now())
            .await
            .unwrap()
    );
    // Another browser's is nobody else's to replace.
    ask_core(&quiet.iam, None, "ada@example.test").await;
    let all = quiet.database.all_seeing().await.unwrap();
    assert!(yes(&all, "SELECT count(*) = 2 FROM outbox_mails").await);
}

#[actix_web::test]
async fn a_refused_sign_in_mail_is_told_to_the_browser_that_asked_and_to_no_other() {
    let sink = Sink::start(|_, _| Answer::Receiver("550 5.1.1 no such user"))
        .await
        .unwrap();
    let (house, _) = house_at(&sink).await;
    let browser = house.browser();
    let form = [("email", "typo@example.test"), ("slug", ""), ("request", "")];
    let sent = location(&browser.post("/fn/request_magic_link", &form).await);
    let all = house.database.all_seeing().await.unwrap();
    until(
        &all,
        "SELECT count(*) = 1 FROM outbox_mails WHERE failed_at IS NOT NULL",
    )
    .await;
    let (_, html) = page(&browser, &sent).await;
    assert!(
        html.contains("Email not delivered") && html.contains("typo@example.test"),
        "{html}"
    );
    let (_, other) = page(&house.browser(), &sent).await;
    assert!(
        !other.contains("Email not delivered") && !other.contains("typo@"),
        "{other}"
    );
}

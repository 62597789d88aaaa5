//! Single transfers to mail servers that do not behave.

use iam::port::{InvitationMail, Mail, MailBrand, MailError, Mailer, Outgoing};
use iam_testkit::{Answer, FakeClock, Sink};
use iam_types::MailId;
use server::adapter::smtp::SmtpMailer;
use std::{sync::Arc, time::Duration};

const FROM: &str = "Rooiam <no-reply@id.example.com>";

fn mail(to: &str) -> Outgoing {
    use iam::port::Clock;
    Outgoing {
        id: MailId::from_uuid(uuid::Uuid::from_u128(1)),
        written_at: FakeClock::default().now(),
        mail: Mail::Invitation(InvitationMail {
            to: to.to_owned(),
            locale: "en".to_owned(),
            workspace: "Acme".to_owned(),
            brand: MailBrand::default(),
            inviter: "olga@example.com".to_owned(),
            url: "https://id.example.com/".to_owned(),
        }),
    }
}

async fn sink(rule: impl Fn(&str, usize) -> Answer + Send + Sync + 'static) -> (Arc<Sink>, SmtpMailer) {
    let sink = Sink::start(rule).await.unwrap();
    let mailer = SmtpMailer::new(&sink.url(), FROM).unwrap();
    (sink, mailer)
}

fn refused(reason: &str) -> Result<(), MailError> {
    Err(MailError::Refused(reason.to_owned()))
}

fn later(reason: &str) -> Result<(), MailError> {
    Err(MailError::Later(reason.to_owned()))
}

#[actix_web::test]
async fn only_a_final_no_to_this_mail_is_final_and_no_reason_names_anybody() {
    let cases = [
        (
            Answer::Receiver("550 5.1.1 <ada@example.com>: no such user"),
            refused("550 5.1.1"),
        ),
        (Answer::Receiver("550 ada@example.com unknown"), refused("550")),
        (
            Answer::Content("554 5.7.1 looks like spam, ada@example.com"),
            refused("554 5.7.1"),
        ),
        (
            Answer::Receiver("450 4.2.1 ada@example.com is busy"),
            later("450 4.2.1"),
        ),
        (Answer::Content("451 4.3.0 disk"), later("451 4.3.0")),
        (Answer::Receiver("421 4.3.2 going down"), later("421 4.3.2")),
        (
            Answer::Receiver("552 5.5.3 too many receivers"),
            later("552 5.5.3"),
        ),
        (Answer::Receiver("530 5.7.0 sign in first"), later("530 5.7.0")),
        (Answer::HangUp, later("no answer")),
        (Answer::Take, Ok(())),
    ];
    for (answer, expected) in cases {
        let (sink, mailer) = sink(move |_, _| answer).await;
        assert_eq!(
            mailer.send(&mail("ada@example.com")).await,
            expected,
            "{answer:?}"
        );
        sink.named(1, |_| true).await;
    }
}

#[actix_web::test]
async fn what_a_server_has_against_us_is_not_held_against_a_mail() {
    let locked = Sink::locked("535 5.7.8 wrong password for user").await.unwrap();
    let mailer = SmtpMailer::new(&locked.url(), FROM).unwrap();
    assert_eq!(
        mailer.send(&mail("ada@example.com")).await,
        later("connecting: 535 5.7.8")
    );
    let (sink, mailer) = sink(|_, _| Answer::Take).await;
    sink.answer_senders("553 5.1.8 sender not allowed");
    assert_eq!(mailer.send(&mail("ada@example.com")).await, later("553 5.1.8"));
    sink.answer_senders("250 2.1.0 ok");
    assert_eq!(mailer.send(&mail("ada@example.com")).await, Ok(()));
    let nobody = SmtpMailer::new("smtp://127.0.0.1:1", FROM).unwrap();
    assert_eq!(
        nobody.send(&mail("ada@example.com")).await,
        later("connecting: network")
    );
    let needs_tls = SmtpMailer::new(&format!("{}?tls=required", sink.url()), FROM).unwrap();
    assert_eq!(
        needs_tls.send(&mail("ada@example.com")).await,
        later("connecting: unsuitable server")
    );
    assert_eq!(sink.taken(1).await.len(), 1, "nothing left in the clear");
}

#[actix_web::test]
async fn mails_share_a_connection_also_after_a_refusal() {
    let (sink, mailer) = sink(|to, _| match to {
        "gone@example.com" => Answer::Receiver("550 5.1.1 no such user"),
        _ => Answer::Take,
    })
    .await;
    for to in ["ada@example.com", "gone@example.com", "ben@example.com"] {
        let _outcome = mailer.send(&mail(to)).await;
    }
    assert_eq!(sink.taken(2).await[1].to, "ben@example.com");
    assert_eq!(sink.connections(), 1);
}

#[actix_web::test]
async fn a_connection_that_died_while_idle_costs_no_mail_its_try() {
    let (sink, mailer) = sink(|_, _| Answer::Take).await;
    assert_eq!(mailer.send(&mail("ada@example.com")).await, Ok(()));
    sink.hang_up();
    assert_eq!(mailer.send(&mail("ben@example.com")).await, Ok(()));
    assert_eq!((sink.taken(2).await.len(), sink.connections()), (2, 2));
}

#[actix_web::test]
async fn a_transfer_given_up_half_way_never_mixes_with_the_next() {
    for answer in [Answer::Hang, Answer::Hold] {
        let (sink, mailer) = sink(move |to, _| match to {
            "slow@example.com" => answer,
            _ => Answer::Take,
        })
        .await;
        let slow = mail("slow@example.com");
        let cut = tokio::select! {
            _ = mailer.send(&slow) => false,
            () = async {
                sink.named(1, |_| true).await;
                // As far as the reply that never comes.
                tokio::time::sleep(Duration::from_millis(50)).await;
            } => true,
        };
        assert!(cut);
        assert_eq!(mailer.send(&mail("ada@example.com")).await, Ok(()));
        sink.release();
        let taken = sink.taken(1).await;
        assert!(taken.iter().any(|mail| mail.to == "ada@example.com"), "{taken:?}");
        assert_eq!(sink.connections(), 2, "{answer:?}");
    }
}

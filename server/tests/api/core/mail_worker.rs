//! Nodes that send what waits in the outbox: leases, tries and ends of life.

use crate::{
    core::mail_queue::{PUT_BACK, ask_core, until, work, yes},
    harness::Harness,
};
use chrono::TimeDelta;
use iam::domain::core::mail::{LEASE, Lane};
use iam_testkit::{Answer, Sink};

#[actix_web::test]
async fn what_breaks_off_comes_again_as_the_same_message() {
    for answer in [
        Answer::HangUp,
        Answer::Receiver("450 4.2.1 later"),
        Answer::Content("451 4.3.0 later"),
    ] {
        let sink = Sink::start(move |_, before| if before < 2 { answer } else { Answer::Take })
            .await
            .unwrap();
        let house = Harness::quiet().await;
        let all = house.database.all_seeing().await.unwrap();
        ask_core(&house.iam, None, "ada@example.test").await;
        let (worker, _) = work(&house.iam, &sink);
        for tries in 1..=2 {
            sink.named(tries, |_| true).await;
            until(&all, PUT_BACK).await;
            house.clock.advance(TimeDelta::seconds(11));
        }
        let taken = sink.taken(1).await;
        until(
            &all,
            "SELECT bool_and(sent_at IS NOT NULL AND last_error IS NULL) FROM outbox_mails",
        )
        .await;
        let content = sink.content(1).await;
        assert!(content.iter().all(|mail| mail.raw == taken[0].raw), "{content:?}");
        assert_eq!(sink.count_named(|_| true), 3);
        worker.abort();
    }
}

#[actix_web::test]
async fn nothing_expired_leaves() {
    let sink = Sink::start(|to, _| match to {
        "late@example.test" => Answer::Receiver("450 4.2.1 later"),
        "cut@example.test" => Answer::Hold,
        _ => Answer::Take,
    })
    .await
    .unwrap();
    let house = Harness::quiet().await;
    let all = house.database.all_seeing().await.unwrap();
    // Expired before anybody could send it.
    ask_core(&house.iam, None, "missed@example.test").await;
    house.clock.advance(TimeDelta::minutes(15));
    assert!(
        house
            .iam
            .store()
            .claim_mail(house.iam.now(), Lane::LAST)
            .await
            .unwrap()
            .is_none()
    );
    // Claimed in time, but expired before it was sent.
    ask_core(&house.iam, None, "ada@example.test").await;
    let claimed = house
        .iam
        .store()
        .claim_mail(house.iam.now(), Lane::LAST)
        .await
        .unwrap()
        .unwrap();
    let store = house.iam.store();
    assert!(store.holds_mail(&claimed, house.iam.now()).await.unwrap());
    assert!(!store.holds_mail(&claimed, claimed.expires_at).await.unwrap());
    assert!(!store.holds_mail(&claimed, house.iam.now() + LEASE).await.unwrap());
    house.clock.advance(TimeDelta::minutes(15));
    // Expired between two tries.
    ask_core(&house.iam, None, "late@example.test").await;
    let (worker, _) = work(&house.iam, &sink);
    sink.named(1, |_| true).await;
    until(&all, PUT_BACK).await;
    house.clock.advance(TimeDelta::minutes(15));
    until(
        &all,
        "SELECT count(*) = 3 FROM outbox_mails WHERE failed_at IS NOT NULL AND payload IS NULL",
    )
    .await;
    // Its life ends while the server thinks: the transfer is given up then.
    worker.abort();
    drop(worker.await);
    ask_core(&house.iam, None, "cut@example.test").await;
    house
        .clock
        .advance(TimeDelta::minutes(15) - TimeDelta::seconds(2));
    let (worker, _) = work(&house.iam, &sink);
    until(
        &all,
        "SELECT count(*) = 4 FROM outbox_mails WHERE failed_at IS NOT NULL AND payload IS NULL",
    )
    .await;
    assert!(
        yes(
            &all,
            "SELECT count(*) = 1 FROM outbox_mails WHERE last_error = 'timeout'"
        )
        .await
    );
    let named = ["late@example.test", "cut@example.test"].map(|to| sink.count_named(|named| named == to));
    assert_eq!((named, sink.count_named(|_| true)), ([1, 1], 2));
    worker.abort();
}

#[actix_web::test]
async fn the_mail_of_a_node_that_died_is_sent_once_by_another() {
    let sink = Sink::start(|to, before| match (to, before) {
        ("half@example.test", 0) => Answer::Hold,
        _ => Answer::Take,
    })
    .await
    .unwrap();
    let house = Harness::quiet().await;
    let (one, two) = (house.iam.clone(), house.another_core().await);
    // Dies between claim and send.
    ask_core(&one, None, "ada@example.test").await;
    assert!(
        one.store()
            .claim_mail(one.now(), Lane::LAST)
            .await
            .unwrap()
            .is_some()
    );
    // Dies while the server thinks.
    ask_core(&one, None, "half@example.test").await;
    let (dying, _) = work(&one, &sink);
    sink.content(1).await;
    dying.abort();
    drop(dying.await);
    // Leased, so nobody else sends them.
    let (first, _) = work(&two, &sink);
    let (second, _) = work(&house.another_core().await, &sink);
    ask_core(&two, None, "ben@example.test").await;
    assert_eq!(sink.taken(1).await[0].to, "ben@example.test");
    house.clock.advance(LEASE + TimeDelta::seconds(1));
    sink.taken(3).await;
    // A marker behind them: by now both would have been sent again if anybody would.
    ask_core(&two, None, "eve@example.test").await;
    let taken = sink.taken(4).await;
    let mut to: Vec<_> = taken.iter().map(|mail| mail.to.as_str()).collect();
    to.sort_unstable();
    let once = [
        "ada@example.test",
        "ben@example.test",
        "eve@example.test",
        "half@example.test",
    ];
    assert_eq!(to, once);
    let halves: Vec<_> = sink
        .content(5)
        .await
        .into_iter()
        .filter(|mail| mail.to == "half@example.test")
        .collect();
    assert_eq!(halves.len(), 2);
    assert_eq!(
        halves[0].raw, halves[1].raw,
        "whoever got it twice knows it again"
    );
    first.abort();
    second.abort();
}

#[actix_web::test]
async fn nodes_share_the_outbox_and_send_nothing_twice() {
    let sink = Sink::start(|_, _| Answer::Take).await.unwrap();
    let house = Harness::quiet().await;
    for n in 0..25 {
        ask_core(&house.iam, None, &format!("p{n}@d{n}.test")).await;
    }
    let other = house.another_core().await;
    let workers = [work(&house.iam, &sink), work(&other, &sink)];
    sink.taken(25).await;
    let all = house.database.all_seeing().await.unwrap();
    until(
        &all,
        "SELECT bool_and(sent_at IS NOT NULL AND attempts = 1) FROM outbox_mails",
    )
    .await;
    assert_eq!(sink.count_named(|_| true), 25);
    for (worker, _) in workers {
        worker.abort();
    }
}

#[actix_web::test]
async fn a_wrong_password_for_the_mail_server_loses_no_mail() {
    let locked = Sink::locked("535 5.7.8 wrong password").await.unwrap();
    let house = Harness::quiet().await;
    ask_core(&house.iam, None, "ada@example.test").await;
    let (worker, _) = work(&house.iam, &locked);
    let all = house.database.all_seeing().await.unwrap();
    until(&all, PUT_BACK).await;
    worker.abort();
    assert!(
        yes(
            &all,
            "SELECT bool_and(last_error = 'connecting: 535 5.7.8') FROM outbox_mails"
        )
        .await
    );
    let sink = Sink::start(|_, _| Answer::Take).await.unwrap();
    house.clock.advance(TimeDelta::seconds(6));
    let (worker, _) = work(&house.iam, &sink);
    sink.taken(1).await;
    worker.abort();
}

#[actix_web::test]
async fn a_node_that_stops_lets_what_is_on_its_way_arrive() {
    let sink = Sink::start(|_, _| Answer::Hold).await.unwrap();
    let house = Harness::quiet().await;
    ask_core(&house.iam, None, "ada@example.test").await;
    let (worker, stop) = work(&house.iam, &sink);
    sink.content(1).await;
    stop.notify_one();
    tokio::task::yield_now().await;
    ask_core(&house.iam, None, "ben@example.test").await;
    sink.release();
    worker.await.unwrap();
    let all = house.database.all_seeing().await.unwrap();
    assert!(
        yes(
            &all,
            "SELECT count(*) = 1 FROM outbox_mails WHERE sent_at IS NOT NULL"
        )
        .await
    );
    assert_eq!(sink.count_named(|_| true), 1);
}

//! Disabled means disabled: whatever can be ended, against whatever was in flight when it was, on every node.

mod airport;
mod ends;

use crate::provider::code;
use airport::Airport;

const ADA: &str = "ada@example.com";
const OLGA: &str = "olga@operator.example";

/// What can let somebody in, or an app in their name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// The link of a mail under way.
    Link,
    /// The code of a mail under way.
    Digits,
    /// A browser that is signed in.
    Session,
    /// An app's request on the consent page.
    Request,
    /// An authorization code.
    Code,
    /// A token of a family that ends with the session.
    Online,
    /// A token of a family for offline access.
    Access,
    /// What renews it.
    Refresh,
    /// What a passkey answered to a sign-in that has begun.
    Passkey,
    /// A passkey that is being added.
    NewPasskey,
    /// An address that is being added.
    NewAddress,
    /// A sign-in that waits for its second factor.
    SecondFactor,
    /// A form for a password that was shown.
    Password,
    /// A browser that is not asked for a second factor.
    Trusted,
}

use What::{
    Access, Code, Digits, Link, NewAddress, NewPasskey, Online, Passkey, Password, Refresh, Request,
    SecondFactor, Session, Trusted,
};

const ALL: [What; 14] = [
    Link,
    Digits,
    Session,
    Request,
    Code,
    Online,
    Access,
    Refresh,
    Passkey,
    NewPasskey,
    NewAddress,
    SecondFactor,
    Password,
    Trusted,
];

/// All but the last.
const ALL_BUT_TRUST: &[What] = match ALL.split_last() {
    Some((_, others)) => others,
    None => &[],
};

/// What can be ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Person,
    SessionsByOperator,
    SessionsByPerson,
    SessionsByMail,
    Membership,
    App,
    AppSessions,
    SignedOut,
    SuspendedWorkspace,
    EndingWorkspace,
    Address,
    TrustedBrowsers,
}

impl Ended {
    const ALL: [Self; 12] = [
        Self::Person,
        Self::SessionsByOperator,
        Self::SessionsByPerson,
        Self::SessionsByMail,
        Self::Membership,
        Self::App,
        Self::AppSessions,
        Self::SignedOut,
        Self::SuspendedWorkspace,
        Self::EndingWorkspace,
        Self::Address,
        Self::TrustedBrowsers,
    ];

    /// What still works while it is ended, and what works once it is given back.
    const fn leaves(self) -> (&'static [What], &'static [What]) {
        match self {
            Self::Person | Self::SessionsByOperator | Self::SessionsByPerson | Self::SessionsByMail => {
                (&[], &[])
            }
            // The sign-in is the person's, not the workspace's: as a member again they can allow an app anew.
            Self::Membership => (
                &[
                    Link,
                    Digits,
                    Passkey,
                    NewPasskey,
                    NewAddress,
                    SecondFactor,
                    Password,
                    Trusted,
                ],
                &[
                    Link,
                    Digits,
                    Session,
                    Request,
                    Passkey,
                    NewPasskey,
                    NewAddress,
                    SecondFactor,
                    Password,
                    Trusted,
                ],
            ),
            Self::App => (
                &[
                    Link,
                    Digits,
                    Session,
                    Passkey,
                    NewPasskey,
                    NewAddress,
                    SecondFactor,
                    Password,
                    Trusted,
                ],
                &[
                    Link,
                    Digits,
                    Session,
                    Passkey,
                    NewPasskey,
                    NewAddress,
                    SecondFactor,
                    Password,
                    Trusted,
                ],
            ),
            Self::AppSessions => (
                &[
                    Link,
                    Digits,
                    Session,
                    Request,
                    Passkey,
                    NewPasskey,
                    NewAddress,
                    SecondFactor,
                    Password,
                    Trusted,
                ],
                &[
                    Link,
                    Digits,
                    Session,
                    Request,
                    Passkey,
                    NewPasskey,
                    NewAddress,
                    SecondFactor,
                    Password,
                    Trusted,
                ],
            ),
            // What was asked for by another address, or without any, goes on. Into a form for a password an address is yet to be typed.
            Self::Address => (
                &[
                    Session, Request, Code, Online, Access, Refresh, Passkey, NewPasskey, NewAddress,
                ],
                &[
                    Session, Request, Code, Online, Access, Refresh, Passkey, NewPasskey, NewAddress,
                    Password, Trusted,
                ],
            ),
            // What was proved stays so, and so does what apps got by it: nobody here asks for two factors.
            Self::TrustedBrowsers => (ALL_BUT_TRUST, ALL_BUT_TRUST),
            // OpenID Connect Core 11: offline access is for when the person is not there.
            Self::SignedOut => (
                &[
                    Link,
                    Digits,
                    Code,
                    Access,
                    Refresh,
                    Passkey,
                    SecondFactor,
                    Password,
                    Trusted,
                ],
                &[
                    Link,
                    Digits,
                    Code,
                    Access,
                    Refresh,
                    Passkey,
                    SecondFactor,
                    Password,
                    Trusted,
                ],
            ),
            // A pause for many who did nothing.
            Self::SuspendedWorkspace | Self::EndingWorkspace => (
                &[
                    Link,
                    Digits,
                    Passkey,
                    NewPasskey,
                    NewAddress,
                    SecondFactor,
                    Password,
                    Trusted,
                ],
                &ALL,
            ),
        }
    }
}

#[actix_web::test]
async fn what_was_ended_never_comes_back_and_a_pause_takes_nothing() {
    for what in Ended::ALL {
        let airport = Airport::open().await;
        let (first, second) = (airport.take_off().await, airport.take_off().await);
        let (during, after) = what.leaves();
        airport.end(what).await;
        airport
            .expect(&first, during, &format!("while ended: {what:?}"))
            .await;
        airport.give_back(what).await;
        airport
            .expect(&second, after, &format!("given back: {what:?}"))
            .await;
        if after.is_empty() {
            // A link that was used before signs nobody in a second time either.
            let form = [("token", airport.used.as_str())];
            let home = airport.house.origin.clone();
            airport
                .send(&home, &airport.ada, "/fn/redeem_magic_link", &form)
                .await;
            assert!(!airport.ada.is_signed_in().await, "{what:?}");
        }
    }
}

#[actix_web::test]
async fn a_person_who_is_enabled_signs_in_anew_and_both_logs_say_what_ended() {
    let airport = Airport::open().await;
    airport.take_off().await;
    airport.end(Ended::Person).await;
    airport.give_back(Ended::Person).await;
    let ada = airport.sign_in_anew().await;
    code(&ada, &airport.app).await;
    let all = airport.house.database.all_seeing().await.unwrap();
    let told: Vec<(String, String)> = sqlx::query_as(
        "SELECT d.slug, v.action FROM audit_events v JOIN workspace_directory d USING (workspace_id)
         WHERE v.action IN ('user.disabled', 'user.enabled', 'grant.revoked') ORDER BY d.slug, v.action",
    )
    .fetch_all(&all)
    .await
    .unwrap();
    let expected = [
        ("acme", "grant.revoked"),
        ("platform", "user.disabled"),
        ("platform", "user.enabled"),
    ];
    assert_eq!(
        told,
        expected.map(|(slug, action)| (slug.to_owned(), action.to_owned()))
    );
}

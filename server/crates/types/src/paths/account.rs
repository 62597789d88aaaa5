//! Addresses of the viewer's own account, and of the steps of a sign-in.

use super::query;
use crate::{
    AddressChallengeId, AuthorizationId, PendingSignInId, PictureId, RecoveryId, RemovedAddressId, SessionId,
    UserId,
};

/// Where the viewer's picture is sent to.
pub const PICTURE_UPLOAD: &str = "/account/picture";

/// A person's picture.
pub fn picture(id: PictureId) -> String {
    format!("/pictures/{id}")
}

/// Ends the viewer's account, or keeps it.
pub const DELETE_ACCOUNT: &str = "/account/delete";

/// Says that it will end.
pub const ACCOUNT_ENDS: &str = "/account/delete?done=1";

/// The viewer's addresses.
pub const ADDRESSES: &str = "/account/addresses";

/// Where an address that the viewer adds is proved.
pub const VERIFY_ADDRESS: &str = "/account/addresses/verify";

/// As [`VERIFY_ADDRESS`], with the digits of the mail.
pub fn address_code(challenge: AddressChallengeId) -> String {
    format!("{VERIFY_ADDRESS}?challenge={challenge}")
}

/// As [`VERIFY_ADDRESS`], behind the mail's link.
pub fn address_link(token: &str) -> String {
    format!("{VERIFY_ADDRESS}?token={token}")
}

/// Puts an address back that was removed.
pub const RESTORE_ADDRESS: &str = "/account/addresses/restore";

/// Says that it was put back.
pub const ADDRESS_RESTORED: &str = "/account/addresses/restore?done=1";

/// Put back the address `removed`, with what only the mail that told of it has.
pub fn restore_address(removed: RemovedAddressId, key: &str) -> String {
    format!("{RESTORE_ADDRESS}?removed={removed}&key={key}")
}

/// Offers a passkey to somebody who has just signed in.
pub const PASSKEY_OFFER: &str = "/login/passkey";
/// Set up an authenticator app.
pub const AUTHENTICATOR: &str = "/account/security/authenticator";
/// Recovery codes that were just made.
pub const RECOVERY_CODES: &str = "/account/security/recovery-codes";
/// Choose a password, or another.
pub const PASSWORD: &str = "/account/security/password";
/// Sign in to the platform with a password.
pub const PASSWORD_LOGIN: &str = "/login/password";
/// The second factor of a sign-in.
pub const TWO_STEP: &str = "/login/two-step";
/// Prove more in a session.
pub const STEP_UP: &str = "/login/step-up";

/// Stops a recovery of the account.
pub const RECOVERY: &str = "/login/recovery";
/// Says that it was stopped.
pub const RECOVERY_STOPPED: &str = "/login/recovery?done=stopped";
/// Says that its beginners were told that the person does not want it.
pub const RECOVERY_OBJECTED: &str = "/login/recovery?done=objected";

/// Stop a recovery, with what only the mails that told of it have.
pub fn stop_recovery(recovery: RecoveryId, key: &str) -> String {
    format!("{RECOVERY}?recovery={recovery}&key={key}")
}

/// Takes back a sign-in that was somebody else's.
pub const DISOWN: &str = "/login/not-me";

/// Says that it was taken back.
pub const DISOWNED: &str = "/login/not-me?done=1";

/// Offer a passkey on the way to `next`, a page of ours.
pub fn passkey_offer(next: &str) -> String {
    format!("{PASSKEY_OFFER}{}", query(&[("next", next)]))
}

/// Set up an authenticator app, to go on to the page `next`, empty for none.
pub fn authenticator(next: &str) -> String {
    with_next(AUTHENTICATOR, next)
}

/// Recovery codes that were just made, to go on to the page `next`, empty for none.
pub fn recovery_codes(next: &str) -> String {
    with_next(RECOVERY_CODES, next)
}

/// Choose a password, to go on to the page `next`, empty for none.
pub fn password(next: &str) -> String {
    with_next(PASSWORD, next)
}

fn with_next(page: &str, next: &str) -> String {
    if next.is_empty() {
        page.to_owned()
    } else {
        format!("{page}{}", query(&[("next", next)]))
    }
}

/// The second factor of the sign-in that waits under `id`.
pub fn two_step(id: PendingSignInId) -> String {
    format!("{TWO_STEP}?id={id}")
}

/// Prove more in a session, as the workspace or the app's request asks.
pub fn step_up(slug: &str, request: Option<AuthorizationId>) -> String {
    match request {
        Some(id) => format!("{STEP_UP}?workspace={slug}&request={id}"),
        None => format!("{STEP_UP}?workspace={slug}"),
    }
}

/// Prove more in a session, to come back to the page `next`.
pub fn step_up_for(next: &str) -> String {
    format!("{STEP_UP}{}", query(&[("next", next)]))
}

/// Take back the sign-in `session`, with what only the mail that told of it has.
pub fn disown(person: UserId, session: SessionId, key: &str) -> String {
    format!("{DISOWN}?person={person}&session={session}&key={key}")
}

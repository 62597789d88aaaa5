//! Coming back after losing all second factors, and saying no to a recovery that others began.

use super::{
    api::{hand_over, target},
    two_step::parse_id,
};
use crate::{
    AppError,
    i18n::{self, Locale},
    layout::{CardLayout, staged},
    paths,
    server::{
        context::{ctx, iam, keep_uncompressed},
        wanted,
    },
    text,
    ui::{form::FormError, query::asked, recovery::exact, told::failure},
};
use iam::sign_in::recovery::{RecoveryAhead, StoppingRecovery};
use iam_types::{ErrorCode, PendingSignInId, RecoveryId, view::RecoveryCard};
use leptos::{prelude::*, server_fn::ServerFn};

/// Signs in whom a recovery lets pass, and leads to a new second factor.
#[server(prefix = "/fn", endpoint = "redeem_recovery")]
pub async fn redeem_recovery(id: String) -> Result<(), AppError> {
    let (iam, ctx) = (iam()?, ctx()?);
    let signed_in = iam.sign_in().redeem_recovery(&ctx, parse_id(&id)?).await?;
    hand_over(&iam, &ctx, &signed_in);
    // What was wanted before waits: the set-up leads there.
    let next = wanted::take().unwrap_or_else(|| target(&signed_in.arrival, false));
    leptos_actix::redirect(&paths::authenticator(&next));
    Ok(())
}

/// Stops a recovery, by the mail that told of it.
#[server(prefix = "/fn", endpoint = "stop_recovery")]
pub async fn stop_recovery(recovery: String, key: String) -> Result<(), AppError> {
    let recovery = parse(&recovery)?;
    let link = StoppingRecovery { recovery, key: &key };
    let objected = iam()?.sign_in().stop_recovery(&ctx()?, link).await?;
    leptos_actix::redirect(if objected {
        paths::RECOVERY_OBJECTED
    } else {
        paths::RECOVERY_STOPPED
    });
    Ok(())
}

/// The recovery that a link stops, without doing it.
pub async fn load_recovery(recovery: String, key: String) -> Result<RecoveryCard, AppError> {
    let recovery = parse(&recovery)?;
    // The page repeats the key.
    keep_uncompressed();
    let link = StoppingRecovery { recovery, key: &key };
    Ok(iam()?.sign_in().inspect_recovery(&ctx()?, link).await?)
}

fn parse(recovery: &str) -> Result<RecoveryId, AppError> {
    recovery.parse().map_err(|_| ErrorCode::LinkInvalid.into())
}

/// On the page of the second factor: what to do for who lost it.
pub(super) fn lost(l: Locale, id: PendingSignInId, ahead: Option<RecoveryAhead>) -> AnyView {
    let error = failure::<RedeemRecovery>();
    match ahead {
        Some(RecoveryAhead { counts: true, .. }) => view! {
            <details open=true>
                <summary>{text!(l, recovery.lost)}</summary>
                <FormError error=error />
                <form method="post" action=RedeemRecovery::url()>
                    <input type="hidden" name="id" value=id.to_string() />
                    <p>{text!(l, recovery.ready)}</p>
                    <button class="button danger">{text!(l, recovery.go_on)}</button>
                </form>
            </details>
        }
        .into_any(),
        Some(RecoveryAhead { counts_at, .. }) => view! {
            <details open=true>
                <summary>{text!(l, recovery.lost)}</summary>
                <FormError error=error />
                <p>{text!(l, recovery.ahead, at = exact(counts_at))}</p>
            </details>
        }
        .into_any(),
        None => view! {
            <details open=error.is_some()>
                <summary>{text!(l, recovery.lost)}</summary>
                <FormError error=error />
                <p>{text!(l, recovery.whom_to_ask)}</p>
            </details>
        }
        .into_any(),
    }
}

/// `/login/recovery`
#[component]
pub fn RecoveryPage() -> impl IntoView {
    let l = i18n::use_locale();
    match asked("done").as_str() {
        "" => asking(l).into_any(),
        "objected" => done(
            l,
            text!(l, recovery.objection_done),
            text!(l, recovery.objection_done_lead),
        )
        .into_any(),
        _ => done(l, text!(l, recovery.stopped), text!(l, recovery.stopped_lead)).into_any(),
    }
}

fn asking(l: Locale) -> impl IntoView {
    let [recovery, key] = ["recovery", "key"].map(asked);
    let error = failure::<StopRecovery>();
    let view = load_recovery(recovery.clone(), key.clone());
    let render = move |card: RecoveryCard| {
        let (title, lead, submit) = words(l, &card);
        view! {
            <CardLayout title=title.clone()>
                <h1>{title}</h1>
                <p>{lead}</p>
                <p>{text!(l, recovery.because, reason = card.reason)}</p>
                <FormError error=error />
                <form method="post" action=StopRecovery::url()>
                    <input type="hidden" name="recovery" value=recovery />
                    <input type="hidden" name="key" value=key />
                    <button class="button danger">{submit}</button>
                </form>
                <p class="hint">{text!(l, recovery.wanted)}</p>
            </CardLayout>
        }
    };
    staged(view, render)
}

/// What a person is told of a recovery of their account: a title, what it means, and what to press.
pub(crate) fn words(l: Locale, card: &RecoveryCard) -> (String, String, String) {
    let at = exact(card.counts_at);
    if card.by_operator {
        (
            text!(l, recovery.yours_by_operator),
            text!(l, recovery.yours_lead, at = at),
            text!(l, recovery.object),
        )
    } else {
        (
            text!(
                l,
                recovery.yours_by_workspace,
                by = card.begun_by.clone(),
                place = card.place.clone()
            ),
            text!(l, recovery.yours_lead, at = at),
            text!(l, recovery.stop),
        )
    }
}

fn done(l: Locale, title: String, lead: String) -> impl IntoView {
    view! {
        <CardLayout title=title.clone()>
            <h1>{title}</h1>
            <p>{lead}</p>
            <p><a class="button" href=paths::SECURITY>{text!(l, security.title)}</a></p>
        </CardLayout>
    }
}

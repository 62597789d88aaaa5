//! A recovery of the viewer's account that others began.

use crate::{
    AppError,
    feature::sign_in::recovery_words,
    i18n::Locale,
    paths,
    server::{
        context::{iam, parse_id, signed_in},
        outcome::saved,
    },
    text,
    ui::{
        form::{FormError, PostForm},
        parts::{Notice, Tone},
        recovery::exact,
        told::failure,
    },
};
use iam_types::view::RecoveryCard;
use leptos::{prelude::*, server_fn::ServerFn};

/// Stops it, or objects to it.
#[server(prefix = "/fn", endpoint = "stop_own_recovery")]
pub async fn stop_own_recovery(recovery: String) -> Result<(), AppError> {
    iam()?
        .account()
        .stop_recovery(&signed_in()?, parse_id(&recovery)?)
        .await?;
    saved(paths::SECURITY);
    Ok(())
}

/// Tells of it, and lets the viewer say no.
pub(super) fn recovery(l: Locale, card: RecoveryCard) -> impl IntoView {
    let error = failure::<StopOwnRecovery>();
    let (title, lead, submit) = recovery_words(l, &card);
    let answer = if card.objected_at.is_some() {
        view! { <p>{text!(l, recovery.objected_by_you, at = exact(card.counts_at))}</p> }.into_any()
    } else {
        view! {
            <PostForm to=StopOwnRecovery::url()>
                <input type="hidden" name="recovery" value=card.id.to_string() />
                <button class="button danger">{submit}</button>
            </PostForm>
        }
        .into_any()
    };
    view! {
        <Notice tone=Tone::Bad news=true>
            <h2>{title}</h2>
            <p>{lead}</p>
            <p>{text!(l, recovery.because, reason = card.reason)}</p>
            <FormError error=error />
            {answer}
        </Notice>
    }
}

//! Taking back a sign-in that was somebody else's.

use super::api::let_go;
use crate::{
    AppError, i18n,
    layout::{CardLayout, staged},
    paths,
    server::context::{ctx, iam, keep_uncompressed},
    text,
    ui::{form::FormError, query::asked, told::failure},
};
use iam::sign_in::disown::Disowned;
use iam_types::{ErrorCode, SessionId, UserId};
use leptos::{prelude::*, server_fn::ServerFn};

/// Signs out everywhere whoever got the mail.
#[server(prefix = "/fn", endpoint = "disown_session")]
pub async fn disown_session(person: String, session: String, key: String) -> Result<(), AppError> {
    let (iam, ctx) = (iam()?, ctx()?);
    let (person, session) = parse(&person, &session)?;
    let link = Disowned {
        person,
        session,
        key: &key,
    };
    iam.sign_in().disown(&ctx, link).await?;
    if ctx.actor.as_ref().is_some_and(|actor| actor.user.id == person) {
        let_go(&iam, &ctx);
    }
    leptos_actix::redirect(paths::DISOWNED);
    Ok(())
}

/// Whether the link undoes what was changed since that sign-in, without doing it.
pub async fn load_disown(person: String, session: String, key: String) -> Result<bool, AppError> {
    let (person, session) = parse(&person, &session)?;
    // The page repeats the key.
    keep_uncompressed();
    let link = Disowned {
        person,
        session,
        key: &key,
    };
    Ok(iam()?.sign_in().inspect_disown(&ctx()?, link).await?)
}

fn parse(person: &str, session: &str) -> Result<(UserId, SessionId), AppError> {
    let invalid = |_| ErrorCode::LinkInvalid;
    Ok((
        person.parse().map_err(invalid)?,
        session.parse().map_err(invalid)?,
    ))
}

/// `/login/not-me`
#[component]
pub fn DisownPage() -> impl IntoView {
    if asked("done").is_empty() {
        asking().into_any()
    } else {
        done().into_any()
    }
}

fn asking() -> impl IntoView {
    let l = i18n::use_locale();
    let [person, session, key] = ["person", "session", "key"].map(asked);
    let error = failure::<DisownSession>();
    let view = load_disown(person.clone(), session.clone(), key.clone());
    let render = move |undoes: bool| {
        let lead = if undoes {
            text!(l, disown.lead)
        } else {
            text!(l, disown.lead_ends)
        };
        view! {
            <CardLayout title=text!(l, disown.title)>
                <h1>{text!(l, disown.title)}</h1>
                <p>{lead}</p>
                <FormError error=error />
                <form method="post" action=DisownSession::url()>
                    <input type="hidden" name="person" value=person />
                    <input type="hidden" name="session" value=session />
                    <input type="hidden" name="key" value=key />
                    <button class="button danger">{text!(l, disown.submit)}</button>
                </form>
                <p class="hint">{text!(l, disown.mine)}</p>
            </CardLayout>
        }
    };
    staged(view, render)
}

fn done() -> impl IntoView {
    let l = i18n::use_locale();
    view! {
        <CardLayout title=text!(l, disown.done)>
            <h1>{text!(l, disown.done)}</h1>
            <p>{text!(l, disown.done_lead)}</p>
            <p>{text!(l, disown.mailbox)}</p>
            <p><a class="button" href=paths::LOGIN>{text!(l, login.title)}</a></p>
        </CardLayout>
    }
}

//! How the viewer signs in.

use super::{
    password::password, recovery::recovery, sign_in_first, trusted_browsers::trusted_browsers,
    two_step::two_step,
};
use crate::{
    AppError,
    feature::connections::{OwnConnections, load_own_connections},
    feature::sign_in::{AddPasskey, RemovePasskey, RenamePasskey},
    i18n::{self, Locale},
    layout::personal,
    paths,
    server::{
        context::{iam, signed_in},
        wanted,
    },
    text,
    ui::{
        form::{FormError, PostForm, first_of},
        icon::{Glyph, Icon},
        parts::{Badge, Empty, Notice, Tone, moment},
        passkey::{Ceremony, PasskeyForm},
        told::{failure, typed_into},
    },
};
use iam_types::view::{OwnConnectionsView, PasskeyView, SecurityView};
use leptos::{prelude::*, server_fn::ServerFn};

/// How the viewer signs in. Who has to prove first who they are comes back here.
pub async fn load_security() -> Result<(SecurityView, OwnConnectionsView), AppError> {
    let view = iam()?.account().security(&signed_in()?).await?;
    let own = load_own_connections().await?;
    if !view.recent {
        wanted::remember();
    }
    Ok((view, own))
}

/// `/account/security`
#[component]
pub fn SecurityPage() -> impl IntoView {
    let l = i18n::use_locale();
    let error = first_of([
        failure::<AddPasskey>(),
        failure::<RenamePasskey>(),
        failure::<RemovePasskey>(),
    ]);
    let render = move |(view, own): (SecurityView, OwnConnectionsView)| {
        let two_step = two_step(l, &view);
        let password = password(l, &view);
        let alone = view
            .by_password
            .then(|| view! { <Notice><p>{text!(l, password.alone)}</p></Notice> });
        let passkeys = match (view.available, view.passkeys.is_empty()) {
            (_, false) => list(l, view.passkeys, view.recent, view.now).into_any(),
            (true, true) => view! { <Empty glyph=Glyph::Passkey text=text!(l, passkeys.none) /> }.into_any(),
            (false, true) => view! { <Notice>{text!(l, passkeys.unavailable)}</Notice> }.into_any(),
        };
        let trusted = trusted_browsers(l, view.trusted, view.now);
        let recovery = view.recovery.map(|card| recovery(l, card));
        view! {
            <h1>{text!(l, security.title)}</h1>
            {recovery}
            <FormError error=error />
            {alone}
            <section class="part">
                <h2>{text!(l, passkeys.title)}</h2>
                <p class="hint">{text!(l, passkeys.lead)}</p>
                {passkeys}
                {view.available.then(|| adding(l, view.recent))}
            </section>
            {two_step}
            {password}
            {trusted}
            <OwnConnections view=own />
            <section class="panel">
                <h2>{text!(l, security.email)}</h2>
                <p>{text!(l, security.email_lead, email = view.email)}</p>
                <p><a href=paths::ADDRESSES>{text!(l, security.addresses)}</a></p>
            </section>
        }
    };
    personal(text!(l, security.title), load_security(), render)
}

/// Adds one, after a sign-in that is recent.
fn adding(l: Locale, recent: bool) -> AnyView {
    if !recent {
        return sign_in_first(l, text!(l, security.again)).into_any();
    }
    view! {
        <PasskeyForm ceremony=Ceremony::Add begin=paths::BEGIN_ADDING_PASSKEY to=AddPasskey::url()>
            <button class="button"><Icon glyph=Glyph::New /> {text!(l, passkeys.add)}</button>
        </PasskeyForm>
        <p class="hint unscripted">{text!(l, passkeys.scripts)}</p>
    }
    .into_any()
}

fn list(l: Locale, passkeys: Vec<PasskeyView>, recent: bool, now: i64) -> impl IntoView {
    let rows: Vec<_> = passkeys
        .into_iter()
        .map(|passkey| row(l, passkey, recent, now))
        .collect();
    view! { <ul class="keys">{rows}</ul> }
}

/// A passkey, which unfolds into what can be done with it.
fn row(l: Locale, passkey: PasskeyView, recent: bool, now: i64) -> impl IntoView {
    let badge = match (passkey.suspected, passkey.synced) {
        (true, _) => view! { <Badge text=text!(l, passkeys.suspected) tone=Tone::Bad /> },
        (false, true) => view! { <Badge text=text!(l, passkeys.synced) /> },
        (false, false) => view! { <Badge text=text!(l, passkeys.one_device) /> },
    };
    let verified =
        (passkey.attested).then(|| view! { " " <Badge text=text!(l, passkeys.attested) tone=Tone::Good /> });
    let used = match passkey.last_used_at {
        Some(at) => view! { {text!(l, passkeys.last_used)} " " {moment(l, at, now)} }.into_any(),
        None => text!(l, passkeys.never_used).into_any(),
    };
    let (name, id) = (passkey.name, passkey.id.to_string());
    let field = format!("name-{id}");
    // A name that was not taken stays where it was typed.
    let refused = typed_into::<RenamePasskey>("passkey").is_some_and(|typed| typed == id);
    let typed = refused.then(|| typed_into::<RenamePasskey>("name")).flatten();
    let typed = typed.unwrap_or_else(|| name.clone());
    let invalid = refused.then_some("true");
    let why = refused.then_some("form-error");
    let [rename, remove] = [id.clone(), id];
    let removal = recent.then(|| {
        view! {
            <PostForm to=RemovePasskey::url()>
                <input type="hidden" name="passkey" value=remove />
                <p class="hint">{text!(l, passkeys.remove_hint)}</p>
                <button class="button danger">{text!(l, passkeys.remove)}</button>
            </PostForm>
        }
    });
    view! {
        <li>
            <details open=refused>
                <summary>
                    <span class="who">
                        <Icon glyph=Glyph::Passkey />
                        <span>
                            <strong dir="auto">{name}</strong>
                            <span class="hint">{text!(l, passkeys.added_at)} " " {moment(l, passkey.created_at, now)} " · " {used}</span>
                        </span>
                    </span>
                    {badge} {verified}
                    <span class="link">{text!(l, passkeys.change)}</span>
                </summary>
                <div class="key-forms">
                    <PostForm to=RenamePasskey::url()>
                        <input type="hidden" name="passkey" value=rename />
                        <div class="field">
                            <label for=field.clone()>{text!(l, passkeys.name)}</label>
                            <input id=field name="name" type="text" value=typed required maxlength="80" autocomplete="off" dir="auto"
                                aria-invalid=invalid aria-describedby=why />
                        </div>
                        <button class="button quiet">{text!(l, passkeys.rename)}</button>
                    </PostForm>
                    {removal}
                </div>
            </details>
        </li>
    }
}

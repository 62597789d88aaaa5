//! `/dev/style`: every part of pages in every state, side by side in light, dark and from right to left. What is changed in
//! the design system is looked at here first.

use crate::{
    i18n::{self, Locale},
    layout::staged,
    server::context::mailbox,
    text,
    ui::{
        avatar::Avatar,
        copy::Copyable,
        form::{Checkbox, Choice, Disclosure, Field, FormError},
        icon::{Glyph, Icon},
        pager::Pager,
        parts::{Badge, Empty, Notice, Tone, moment},
        raw::DocumentTitle,
    },
};
use iam_types::ErrorCode;
use leptos::prelude::*;

/// How the parts are shown: a colour scheme, a language, and the identifiers of the fields, which no page may have twice.
struct Specimen {
    title: &'static str,
    class: &'static str,
    locale: Locale,
    ids: [&'static str; 4],
}

const SPECIMENS: [Specimen; 3] = [
    Specimen {
        title: "Light",
        class: "specimen scheme-light",
        locale: Locale::en,
        ids: ["light-name", "light-wrong", "light-off", "light-lines"],
    },
    Specimen {
        title: "Dark",
        class: "specimen scheme-dark",
        locale: Locale::de,
        ids: ["dark-name", "dark-wrong", "dark-off", "dark-lines"],
    },
    Specimen {
        title: "Right to left",
        class: "specimen scheme-light",
        locale: Locale::ar,
        ids: ["rtl-name", "rtl-wrong", "rtl-off", "rtl-lines"],
    },
];

/// Unix seconds of a moment, and of a later one that it is looked at from.
const MOMENTS: (i64, i64) = (1_790_000_000, 1_790_004_000);

/// `/dev/style`
#[component]
pub fn StylePage() -> impl IntoView {
    // As the mailbox: only in development, and only from this machine.
    let here = async { mailbox().map(|_| ()) };
    staged(here, |()| {
        let specimens: Vec<_> = SPECIMENS.into_iter().map(specimen).collect();
        view! {
            <DocumentTitle text="Style".to_owned() />
            <main class="specimens" id="content" tabindex="-1">
                <h1>"Style"</h1>
                <div class="specimen-grid">{specimens}</div>
            </main>
        }
    })
}

fn specimen(
    Specimen {
        title,
        class,
        locale: l,
        ids,
    }: Specimen,
) -> impl IntoView {
    let shown = Owner::new();
    let parts = shown.with(|| {
        provide_context(l);
        view! {
            {actions(l)}
            {states(l)}
            {fields(l, ids)}
            {lists(l)}
            {signs()}
            {cards(l)}
        }
    });
    on_cleanup(move || drop(shown));
    view! {
        <section class=class lang=i18n::tag(l) dir=i18n::dir(l)>
            <h2>{title}</h2>
            {parts}
        </section>
    }
}

fn actions(l: Locale) -> impl IntoView {
    view! {
        <div class="actions">
            <button class="button">{text!(l, common.save)}</button>
            <button class="button quiet">{text!(l, common.cancel)}</button>
            <button class="button danger">{text!(l, members.remove)}</button>
            <button class="button" disabled>{text!(l, common.save)}</button>
            <button class="link">{text!(l, common.copy)}</button>
            <a href="/dev/style">{text!(l, branding.a_link)}</a>
        </div>
    }
}

fn states(l: Locale) -> impl IntoView {
    let badges: Vec<_> = Tone::ALL
        .into_iter()
        .map(|tone| view! { <Badge text=text!(l, domains.proved) tone=tone /> })
        .collect();
    let notices: Vec<_> = Tone::ALL
        .into_iter()
        .map(|tone| view! { <Notice tone=tone><p>{text!(l, support.banner)}</p></Notice> })
        .collect();
    view! {
        <div class="actions">{badges}</div>
        {notices}
        <FormError error=Some(ErrorCode::SlugTaken) />
        <Empty glyph=Glyph::Apps text=text!(l, apps.empty)>
            <button class="button">{text!(l, apps.register)}</button>
        </Empty>
    }
}

fn fields(l: Locale, [name, wrong, off, lines]: [&'static str; 4]) -> impl IntoView {
    view! {
        <section class="panel">
            <Field name="name" id=name label=text!(l, common.name) hint=text!(l, workspace.name_hint) value="Harbour Clinic" />
            <Field name="wrong" id=wrong label=text!(l, common.email) value="ada@" wrong=true />
            <fieldset disabled><Field name="off" id=off label=text!(l, workspace.slug) value="harbour-clinic" /></fieldset>
            <Field name="lines" id=lines label=text!(l, invitations.addresses) value="ada@example.com" lines=2 />
            <fieldset>
                <legend>{text!(l, workspace.admission)}</legend>
                <Choice name=name value="members" label=text!(l, workspace.admission_members) chosen=true />
                <Choice name=name value="open" label=text!(l, workspace.admission_open) chosen=false />
                <Checkbox name="tick" value="x" label=text!(l, roles.title) ticked=true />
                <Checkbox name="tick" value="y" label=text!(l, groups.title) ticked=false disabled=true />
            </fieldset>
            <Copyable label=text!(l, apps.issuer) value="https://id.example.com/w/harbour-clinic" />
        </section>
        <Disclosure title=text!(l, workspace.end) error=None><p>{text!(l, workspace.end_hint)}</p></Disclosure>
    }
}

fn lists(l: Locale) -> impl IntoView {
    let rows: Vec<_> = [
        ("Ada Lovelace", "ada@example.com"),
        ("", "a-very-long-address-that-has-to-break-somewhere@department.of.a.long.example"),
    ]
    .into_iter()
    .map(|(name, email)| {
        let shown = if name.is_empty() { email } else { name };
        view! {
            <tr>
                <td>
                    <span class="who"><Avatar name=shown /> <span><strong>{shown}</strong> <span class="hint">{email}</span></span></span>
                </td>
                <td>{text!(l, workspace.role_member)}</td>
                <td class="tight">{moment(l, MOMENTS.0, MOMENTS.1)}</td>
            </tr>
        }
    })
    .collect();
    view! {
        <div class="table-box" tabindex="0" role="region" aria-label=text!(l, members.title)>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{text!(l, common.name)}</th>
                        <th scope="col">{text!(l, members.any_role)}</th>
                        <th scope="col">{text!(l, account.sessions)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager first=Some("/dev/style".to_owned()) next=Some("/dev/style".to_owned()) />
        <ol class="steps">
            <li class="done"><Icon glyph=Glyph::Done /> {text!(l, apps.register)}</li>
            <li><Icon glyph=Glyph::Members /> {text!(l, members.invite)}</li>
        </ol>
    }
}

fn signs() -> impl IntoView {
    let signs: Vec<_> = Glyph::ALL
        .into_iter()
        .map(|glyph| view! { <li title=format!("{glyph:?}")><Icon glyph=glyph /></li> })
        .collect();
    view! { <ul class="chips">{signs}</ul> }
}

fn cards(l: Locale) -> impl IntoView {
    view! {
        <div class="card">
            <p class="brand">{text!(l, common.product)}</p>
            <p class="title">{text!(l, login.title)}</p>
            <p>{text!(l, login.lead)}</p>
            <button class="button">{text!(l, login.submit)}</button>
        </div>
    }
}

//! Domains that a workspace claims.

use super::api::{CheckDomain, ClaimDomain, RemoveDomain, SetDomainJoining, SetWorkspaceHost, load_domains};
use crate::{
    i18n::{self, Locale},
    islands::CopyButton,
    layout::{AppLayout, loaded},
    text,
    ui::{
        form::{Choice, Field, FormError, PostForm, first_of},
        icon::Glyph,
        parts::{Badge, Empty, Notice, Tone, moment},
        query::param,
        told::{concerns, done, failure},
    },
};
use iam_types::{
    ErrorCode,
    view::{DomainCard, DomainsView, Done},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the viewer may do to each domain.
#[derive(Clone, Copy)]
struct Rights {
    update: bool,
    host: bool,
    host_needs_sign_in: bool,
}

/// `/w/{slug}/admin/domains`
#[component]
pub fn DomainsPage() -> impl IntoView {
    let slug = param("slug");
    let view = load_domains(slug);
    loaded(view, domains)
}

fn domains(view: DomainsView) -> impl IntoView {
    let l = i18n::use_locale();
    let title = text!(l, domains.title);
    let slug = view.workspace.slug.to_string();
    let changed = first_of([
        failure::<CheckDomain>(),
        failure::<SetDomainJoining>(),
        failure::<SetWorkspaceHost>(),
        failure::<RemoveDomain>(),
    ]);
    let outcome = match (done(Done::Proved), done(Done::Unproved)) {
        (Some(_), _) => Some((Tone::Good, text!(l, domains.seen))),
        (_, Some(_)) => Some((Tone::Warn, text!(l, domains.missing))),
        _ => None,
    };
    let outcome = outcome.map(|(tone, words)| view! { <Notice tone=tone news=true><p>{words}</p></Notice> });
    let empty = view
        .domains
        .is_empty()
        .then(|| view! { <Empty glyph=Glyph::Domains text=text!(l, domains.empty) /> });
    let now = view.now;
    let rights = Rights {
        update: view.may_update,
        host: view.may_host,
        host_needs_sign_in: view.host_needs_sign_in,
    };
    let panels: Vec<_> = view
        .domains
        .into_iter()
        .map(|card| panel(l, slug.clone(), card, now, rights))
        .collect();
    let form = rights.update.then(|| claim_form(l, slug));
    view! {
        <AppLayout title=title.clone() workspace=view.workspace>
            <h1>{title}</h1>
            <p class="lead">{text!(l, domains.lead)}</p>
            {outcome}
            <FormError error=changed />
            {empty}
            {panels}
            {form}
        </AppLayout>
    }
}

fn claim_form(l: Locale, slug: String) -> impl IntoView {
    let error = failure::<ClaimDomain>();
    view! {
        <section class="panel">
            <h2>{text!(l, domains.claim)}</h2>
            <FormError error=error />
            <PostForm to=ClaimDomain::url()>
                <input type="hidden" name="slug" value=slug />
                <Field name="domain" label=text!(l, domains.name) hint=text!(l, domains.name_hint) inputmode="url"
                    wrong=concerns(error, &[ErrorCode::InvalidDomain, ErrorCode::NameTaken, ErrorCode::TooMany]) />
                <button class="button">{text!(l, domains.claim)}</button>
            </PostForm>
        </section>
    }
}

/// The way to a sign-in that is recent enough to decide where sign-in pages live.
fn sign_in_again(l: Locale, slug: &str) -> impl IntoView + use<> {
    let href = crate::paths::workspace_login_again(slug);
    view! {
        <p class="hint">{text!(l, domains.host_again)}</p>
        <p><a class="button quiet" href=href>{text!(l, login.title)}</a></p>
    }
}

fn host_form(l: Locale, slug: &str, card: &DomainCard) -> impl IntoView + use<> {
    let (wanted, label) = if card.is_host {
        (String::new(), text!(l, domains.host_stop))
    } else {
        (card.name.clone(), text!(l, domains.host_use))
    };
    let about = about(slug, &wanted);
    view! {
        <PostForm to=SetWorkspaceHost::url()>
            {about}
            <p class="hint">{text!(l, domains.host_hint)}</p>
            <button class="button quiet">{label}</button>
        </PostForm>
    }
}

/// What a form is about: a domain of a workspace.
fn about(slug: &str, domain: &str) -> impl IntoView + use<> {
    let (slug, domain) = (slug.to_owned(), domain.to_owned());
    view! {
        <input type="hidden" name="slug" value=slug />
        <input type="hidden" name="domain" value=domain />
    }
}

/// What to publish, to be copied piece by piece.
fn record(l: Locale, card: &DomainCard) -> impl IntoView + use<> {
    let rows: Vec<_> = [
        (text!(l, domains.record_type), "TXT".to_owned()),
        (text!(l, domains.record_name), card.record_name.clone()),
        (text!(l, domains.record_value), card.record_value.clone()),
    ]
    .into_iter()
    .map(|(label, value)| {
        let name = format!("{}: {label}", text!(l, common.copy));
        view! {
            <tr>
                <th scope="row" class="tight">{label}</th>
                <td><code class="wrapped">{value.clone()}</code></td>
                <td class="tight end">
                    <CopyButton value=value from=String::new() copy=text!(l, common.copy) copied=text!(l, common.copied) name=name />
                </td>
            </tr>
        }
    })
    .collect();
    view! {
        <p>{text!(l, domains.publish)}</p>
        <div class="table-box"><table class="table"><tbody>{rows}</tbody></table></div>
    }
}

fn panel(l: Locale, slug: String, card: DomainCard, now: i64, rights: Rights) -> impl IntoView {
    let may_update = rights.update;
    let [first, second, third] = [(); 3].map(|()| about(&slug, &card.name));
    let (tone, state) = match (card.verified, card.failing_since) {
        (_, Some(_)) => (Tone::Bad, text!(l, domains.lost)),
        (true, None) => (Tone::Good, text!(l, domains.proved)),
        (false, None) => (Tone::Warn, text!(l, domains.unproved)),
    };
    let failing = card.failing_since.map(|since| {
        let words = text!(l, domains.failing, ago = i18n::ago(l, since, now));
        view! { <Notice tone=Tone::Bad><p>{words}</p></Notice> }
    });
    let record = (!card.verified || failing.is_some()).then(|| record(l, &card));
    let check = may_update.then(|| {
        let label = text!(l, domains.check_which, domain = card.name.clone());
        view! {
            <PostForm to=CheckDomain::url()>
                {first}
                <button class="button quiet" aria-label=label>{text!(l, domains.check)}</button>
            </PostForm>
        }
    });
    let joining = (card.verified && may_update).then(|| {
        let choices: Vec<_> = [
            ("nobody", text!(l, domains.joining_nobody)),
            ("requests", text!(l, domains.joining_requests)),
            ("everybody", text!(l, domains.joining_everybody)),
        ]
        .into_iter()
        .map(|(value, label)| {
            let chosen = card.joining == value;
            view! { <Choice name="joining" value=value label=label chosen=chosen /> }
        })
        .collect();
        view! {
            <PostForm to=SetDomainJoining::url()>
                {second}
                <fieldset>
                    <legend>{text!(l, domains.joining)}</legend>
                    {choices}
                </fieldset>
                <button class="button quiet">{text!(l, common.save)}</button>
            </PostForm>
        }
    });
    let host = (card.verified && rights.host).then(|| {
        if rights.host_needs_sign_in {
            sign_in_again(l, &slug).into_any()
        } else {
            host_form(l, &slug, &card).into_any()
        }
    });
    let passkeys = card.is_host.then(|| {
        let words = if card.passkeys {
            text!(l, domains.passkeys)
        } else {
            text!(l, domains.no_passkeys)
        };
        view! { <p class="hint">{words}</p> }
    });
    let removable = may_update && (!card.is_host || (rights.host && !rights.host_needs_sign_in));
    let remove = removable.then(|| {
        let label = text!(l, domains.remove, domain = card.name.clone());
        view! {
            <details class="more">
                <summary class="danger">{label.clone()}</summary>
                <PostForm to=RemoveDomain::url()>
                    {third}
                    <p class="hint">{text!(l, domains.remove_hint)}</p>
                    <button class="button danger">{label}</button>
                </PostForm>
            </details>
        }
    });
    let checked = card
        .checked_at
        .map(|at| view! { <p class="hint">{text!(l, domains.last_checked)} " " {moment(l, at, now)}</p> });
    view! {
        <section class="panel">
            <div class="heading">
                <h2>
                    {card.name.clone()} " " <Badge text=state tone=tone />
                    {card.is_host.then(|| view! { " " <Badge text=text!(l, domains.host) /> })}
                </h2>
                {check}
            </div>
            {checked}
            {failing}
            {record}
            {joining}
            {passkeys}
            {host}
            {remove}
        </section>
    }
}

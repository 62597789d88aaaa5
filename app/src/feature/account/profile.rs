//! Who the viewer is, for everybody who sees them.

use super::{
    api::{SetDisplayName, SetPreferences, load_profile},
    picture::picture_forms,
};
use crate::{
    i18n::{self, Locale},
    layout::personal,
    paths, text,
    ui::{
        avatar::Avatar,
        form::{Field, FormError, PostForm},
        told::{concerns, failure},
        words::role_name,
    },
};
use iam::domain::account::preferences::TimeZone;
use iam_types::{
    ErrorCode,
    view::{Viewer, WorkspaceCard},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/account`
#[component]
pub fn ProfilePage() -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure::<SetDisplayName>();
    let unsaid = failure::<SetPreferences>();
    let render = move |(viewer, workspaces): (Viewer, Vec<WorkspaceCard>)| {
        let preferences = preferences(l, viewer.locale, viewer.time_zone, unsaid);
        let picture_forms = picture_forms(l, viewer.picture.is_some());
        let workspaces = (!workspaces.is_empty()).then(|| leaving(l, workspaces));
        let (name, email, picture) = (viewer.display_name, viewer.email, viewer.picture);
        let named = !name.is_empty();
        let shown = if named { name.clone() } else { email.clone() };
        let below = named.then(|| view! { <span class="hint" dir="auto">{email.clone()}</span> });
        view! {
            <h1>{text!(l, account.profile)}</h1>
            <section class="panel">
                <div class="who whole">
                    <Avatar name=shown.clone() picture=picture />
                    <span><strong dir="auto">{shown}</strong> {below}</span>
                </div>
                <FormError error=error />
                <PostForm to=SetDisplayName::url()>
                    <Field name="name" label=text!(l, account.name) hint=text!(l, account.name_hint) autocomplete="name"
                        value=name optional=true wrong=concerns(error, &[ErrorCode::InvalidName]) />
                    <button class="button">{text!(l, common.save)}</button>
                </PostForm>
                <dl class="facts">
                    <dt>{text!(l, common.email)}</dt>
                    <dd><span dir="auto">{email}</span></dd>
                </dl>
                <p><a href=paths::ADDRESSES>{text!(l, security.addresses)}</a></p>
            </section>
            {picture_forms}
            {preferences}
            {workspaces}
            <section class="part">
                <h2>{text!(l, workspace.danger)}</h2>
                <div class="panel danger-zone">
                    <p>{text!(l, deletion.hint)}</p>
                    <p class="actions"><a class="button danger" href=paths::DELETE_ACCOUNT>{text!(l, deletion.title)}</a></p>
                </div>
            </section>
        }
    };
    personal(text!(l, account.profile), load_profile(), render)
}

/// Chooses in which language and by which clock the viewer is spoken to.
fn preferences(l: Locale, locale: String, zone: String, error: Option<ErrorCode>) -> impl IntoView {
    let languages: Vec<_> = i18n::locales()
        .iter()
        .map(|one| {
            let tag = i18n::tag(*one);
            view! { <option value=tag lang=tag selected=tag == locale>{i18n::own_name(*one)}</option> }
        })
        .collect();
    let zones: Vec<_> = TimeZone::places()
        .map(|name| view! { <option value=name selected=name == zone>{name.replace('_', " ")}</option> })
        .collect();
    view! {
        <section class="panel">
            <h2>{text!(l, preferences.title)}</h2>
            <FormError error=error />
            <PostForm to=SetPreferences::url()>
                <div class="field">
                    <label for="language">{text!(l, common.language)}</label>
                    <p class="hint" id="language-hint">{text!(l, preferences.language_hint)}</p>
                    <select id="language" name="language" aria-describedby="language-hint">
                        <option value="">{text!(l, preferences.as_browser)}</option>
                        {languages}
                    </select>
                </div>
                <div class="field">
                    <label for="time_zone">{text!(l, preferences.time_zone)}</label>
                    <select id="time_zone" name="time_zone">
                        <option value="">"UTC"</option>
                        {zones}
                    </select>
                </div>
                <button class="button">{text!(l, common.save)}</button>
            </PostForm>
        </section>
    }
}

/// The viewer's workspaces, each with the way out.
fn leaving(l: Locale, workspaces: Vec<WorkspaceCard>) -> impl IntoView {
    let rows: Vec<_> = workspaces
        .into_iter()
        .map(|card| {
            let which = text!(l, members.leave_title, slug = card.slug.to_string());
            view! {
                <li class="key">
                    <span class="who">
                        <Avatar name=card.name.clone() square=true />
                        <span><strong dir="auto">{card.name}</strong> <span class="hint">{role_name(l, card.role)}</span></span>
                    </span>
                    <a href=paths::leave(&card.slug) aria-label=which>{text!(l, members.leave)}</a>
                </li>
            }
        })
        .collect();
    view! {
        <section class="part">
            <h2>{text!(l, common.workspaces)}</h2>
            <ul class="keys">{rows}</ul>
        </section>
    }
}

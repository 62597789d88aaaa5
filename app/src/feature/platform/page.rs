//! Pages for operators.

use super::{
    api::{
        AppointOwner, ResumeWorkspace, SetPlatformModels, SuspendWorkspace, UpdatePlatform,
        UpdatePlatformSignIn, load_platform, load_platform_settings, load_platform_workspace,
    },
    frame::operated,
    own_host::own_host,
};
use crate::{
    feature::workspaces::hours_left,
    i18n::{self, Locale},
    layout::Width,
    paths, text,
    ui::{
        avatar::Avatar,
        copy::Copyable,
        form::{Choice, Disclosure, Field, FormError, PostForm, Search},
        icon::Glyph,
        models::ModelsFields,
        pager::Pager,
        parts::{Badge, Empty, Notice, Tone, moment},
        query::{asked, param},
        sign_in_policy::SignInPolicyFields,
        told::{concerns, failure},
        words::suspension_text,
    },
};
use iam_types::{
    ErrorCode, Slug,
    view::{PlatformSettingsView, PlatformView, PlatformWorkspace, PlatformWorkspaceView},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/platform`
#[component]
pub fn PlatformPage() -> impl IntoView {
    let l = i18n::use_locale();
    let (search, after) = (asked("q"), asked("after"));
    let view = load_platform(search.clone(), after.clone());
    let render = move |view: PlatformView| {
        let next = view
            .workspaces
            .next
            .map(|next| paths::platform_page(&search, &next));
        let rows: Vec<_> = view
            .workspaces
            .rows
            .into_iter()
            .map(|card| row(l, card, view.now))
            .collect();
        let list = if rows.is_empty() {
            view! { <Empty glyph=Glyph::Workspaces text=text!(l, platform.none_found) /> }.into_any()
        } else {
            view! {
                <div class="table-box">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{text!(l, common.name)}</th>
                                <th scope="col" class="wide-only">{text!(l, platform.created_at)}</th>
                                <th scope="col">{text!(l, platform.status)}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            }
            .into_any()
        };
        view! {
            <h1>{text!(l, common.workspaces)}</h1>
            <Search action=paths::PLATFORM label=text!(l, platform.search) value=search />
            {list}
            <Pager first=(!after.is_empty()).then(|| paths::PLATFORM.to_owned()) next=next />
        }
    };
    operated(text!(l, platform.title), Width::List, Vec::new(), view, render)
}

fn row(l: Locale, card: PlatformWorkspace, now: i64) -> impl IntoView {
    view! {
        <tr>
            <td>
                <span class="who">
                    <Avatar name=card.name.clone() square=true />
                    <span>
                        <a href=paths::platform_workspace(&card.slug) dir="auto">{card.name}</a>
                        <span class="hint" dir="ltr">{card.slug.to_string()}</span>
                    </span>
                </span>
            </td>
            <td class="wide-only">{moment(l, card.created_at, now)}</td>
            <td class="tight">{state(l, card.suspended.is_some())}</td>
        </tr>
    }
}

fn state(l: Locale, suspended: bool) -> impl IntoView {
    let (tone, word) = if suspended {
        (Tone::Bad, text!(l, platform.suspended))
    } else {
        (Tone::Good, text!(l, platform.active))
    };
    view! { <Badge text=word tone=tone /> }
}

/// `/platform/settings`
#[component]
pub fn PlatformSettingsPage() -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure::<UpdatePlatform>();
    let sign_in_error = failure::<UpdatePlatformSignIn>();
    let view = load_platform_settings();
    let render = move |view: PlatformSettingsView| {
        let models = view.models.map(|models| {
            let error = failure::<SetPlatformModels>();
            view! {
                <FormError error=error />
                <PostForm to=SetPlatformModels::url()>
                    <ModelsFields view=models hint=text!(l, models.everywhere) disabled=!view.may_update error=error />
                </PostForm>
            }
        });
        view! {
            <h1>{text!(l, platform.settings_title)}</h1>
            <FormError error=error />
            <PostForm to=UpdatePlatform::url()>
                <fieldset class="panel" disabled=!view.may_update>
                    <fieldset>
                        <legend>{text!(l, platform.creation)}</legend>
                        <Choice name="creation" value="everybody" label=text!(l, platform.creation_everybody) chosen=view.creation == "everybody" />
                        <Choice name="creation" value="operators" label=text!(l, platform.creation_operators) chosen=view.creation == "operators" />
                    </fieldset>
                    <fieldset>
                        <legend>{text!(l, platform.default_admission)}</legend>
                        <Choice name="default_admission" value="members" label=text!(l, workspace.admission_members) chosen=view.default_admission == "members" />
                        <Choice name="default_admission" value="requests" label=text!(l, workspace.admission_requests) chosen=view.default_admission == "requests" />
                        <Choice name="default_admission" value="open" label=text!(l, workspace.admission_open) chosen=view.default_admission == "open" />
                    </fieldset>
                    <Field name="members_ceiling" label=text!(l, platform.members_ceiling) hint=text!(l, platform.ceiling_hint)
                        value=view.members_ceiling inputmode="numeric" optional=true />
                    <Field name="apps_ceiling" label=text!(l, platform.apps_ceiling) hint=text!(l, platform.ceiling_hint)
                        value=view.apps_ceiling inputmode="numeric" optional=true />
                    <Field name="sessions_ceiling" label=text!(l, platform.sessions_ceiling) hint=text!(l, platform.sessions_ceiling_hint)
                        value=view.sessions_ceiling inputmode="numeric" optional=true />
                    <Field name="trust_days" label=text!(l, platform.trust_days) hint=text!(l, platform.trust_days_hint)
                        value=view.trust_days inputmode="numeric" optional=true />
                    <button class="button">{text!(l, common.save)}</button>
                </fieldset>
            </PostForm>
            <FormError error=sign_in_error />
            <PostForm to=UpdatePlatformSignIn::url()>
                <SignInPolicyFields asks=view.sign_in hint=text!(l, platform.sign_in_hint) disabled=!view.may_update />
            </PostForm>
            {models}
        }
    };
    operated(
        text!(l, platform.settings_title),
        Width::Form,
        Vec::new(),
        view,
        render,
    )
}

/// `/platform/workspaces/{slug}`
#[component]
pub fn PlatformWorkspacePage() -> impl IntoView {
    let l = i18n::use_locale();
    let slug = param("slug");
    let view = load_platform_workspace(slug.clone());
    let render = move |view: PlatformWorkspaceView| {
        let slug = view.workspace.slug.to_string();
        let suspended = view.workspace.suspended.clone();
        let enter = paths::overview(&view.workspace.slug);
        let support = view.support.map(|window| {
            let hours = hours_left(window.expires_at, view.now);
            view! {
                <section class="panel">
                    <h2>{text!(l, support.title)}</h2>
                    <p>{text!(l, support.open, email = window.opened_by, hours = hours, reason = window.reason)}</p>
                    <a class="button quiet" href=enter>{text!(l, support.enter)}</a>
                </section>
            }
        });
        let host = view.host.map(|host| own_host(l, &slug, host));
        let owner = (view.ownerless && view.may_appoint).then(|| appoint_form(slug.clone()));
        let change = view.may_suspend.then(|| match suspended {
            Some(_) if view.ownerless => ().into_any(),
            Some(_) => resume_form(slug).into_any(),
            None => suspend_form(slug).into_any(),
        });
        view! {
            <h1>{view.workspace.name} " " {state(l, view.workspace.suspended.is_some())}</h1>
            {view.workspace.suspended.map(|reason| view! {
                <Notice tone=Tone::Bad><p>{suspension_text(l, reason)}</p></Notice>
            })}
            <section class="panel">
                <dl class="facts">
                    <dt>{text!(l, workspace.slug)}</dt>
                    <dd>{view.workspace.slug.to_string()}</dd>
                    <dt>{text!(l, platform.created_at)}</dt>
                    <dd>{moment(l, view.workspace.created_at, view.now)}</dd>
                </dl>
                <Copyable label=text!(l, apps.issuer) value=view.issuer />
            </section>
            {support}
            {host}
            {owner}
            {change}
        }
    };
    // The title says what there can be, and nobody else's words.
    let title = slug
        .parse::<Slug>()
        .map_or_else(|_| text!(l, platform.title), String::from);
    let trail = vec![(paths::PLATFORM.to_owned(), text!(l, common.workspaces))];
    operated(title, Width::Form, trail, view, render)
}

fn suspend_form(slug: String) -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure::<SuspendWorkspace>();
    view! {
        <Disclosure title=text!(l, platform.suspend) error=error>
            <PostForm to=SuspendWorkspace::url()>
                <input type="hidden" name="slug" value=slug />
                <p>{text!(l, platform.suspend_hint)}</p>
                <Field name="reason" label=text!(l, platform.reason) hint=text!(l, platform.reason_hint)
                    wrong=concerns(error, &[ErrorCode::InvalidText]) />
                <button class="button danger">{text!(l, platform.suspend)}</button>
            </PostForm>
        </Disclosure>
    }
}

fn appoint_form(slug: String) -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure::<AppointOwner>();
    view! {
        <section class="panel">
            <h2>{text!(l, platform.appoint_title)}</h2>
            <FormError error=error />
            <PostForm to=AppointOwner::url()>
                <input type="hidden" name="slug" value=slug />
                <p>{text!(l, platform.appoint_lead)}</p>
                <Field name="address" label=text!(l, platform.appoint_address) inputmode="email"
                    wrong=concerns(error, &[ErrorCode::InvalidEmail, ErrorCode::NoSuchMember]) />
                <button class="button">{text!(l, platform.appoint)}</button>
            </PostForm>
        </section>
    }
}

fn resume_form(slug: String) -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure::<ResumeWorkspace>();
    view! {
        <section class="panel">
            <FormError error=error />
            <PostForm to=ResumeWorkspace::url()>
                <input type="hidden" name="slug" value=slug />
                <p>{text!(l, platform.resume_hint)}</p>
                <button class="button">{text!(l, platform.resume)}</button>
            </PostForm>
        </section>
    }
}

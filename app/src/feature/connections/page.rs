//! One connection.

use super::{
    api::{DeleteConnection, SetConnectionState, UpdateConnection, load_connection},
    form::{Fields, redirects, sign_in_first},
    groups::mapping,
    list::{preset_name, state},
    place,
};
use crate::{
    i18n::{self, Locale},
    layout::{AppLayout, loaded},
    paths, text,
    ui::{
        events::event_log,
        form::{About, Disclosure, Field, FormError, PostForm},
        query::param,
        told::{concerns, failure, failure_of},
    },
};
use iam_types::{ConnectionId, ErrorCode, view::ConnectionView};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/w/{slug}/admin/connections/{id}`, `/platform/connections/{id}`
#[component]
pub fn ConnectionPage() -> impl IntoView {
    loaded(load_connection(place(), param("id")), connection)
}

fn connection(view: ConnectionView) -> impl IntoView {
    let l = i18n::use_locale();
    let slug = view.workspace.slug.clone();
    let trail = vec![(paths::connections(&slug), text!(l, connections.title))];
    let title = view.connection.name.clone();
    let changing = match (view.may_update, view.recent) {
        (false, _) => ().into_any(),
        (true, false) => sign_in_first(l, &slug).into_any(),
        (true, true) => (
            test(l, &view),
            settings(l, &view),
            mapping(l, &view),
            enable(l, &view),
            danger(l, &view),
        )
            .into_any(),
    };
    let events = (!view.events.is_empty()).then(|| {
        view! {
            <section class="panel">
                <h2>{text!(l, activity.title)}</h2>
                {event_log(l, view.events, view.now)}
            </section>
        }
    });
    view! {
        <AppLayout title=title.clone() workspace=view.workspace trail=trail>
            <div class="heading">
                <h1 dir="auto">{title}</h1>
                {state(l, view.connection.disabled)}
            </div>
            <dl class="facts">
                <dt>{text!(l, connections.provider)}</dt>
                <dd>{preset_name(l, &view.connection.preset)}</dd>
                <dt>{text!(l, connections.issuer)}</dt>
                <dd><code>{view.connection.issuer}</code></dd>
            </dl>
            {redirects(l, view.redirect_uris)}
            {changing}
            {events}
        </AppLayout>
    }
}

fn about(view: &ConnectionView) -> impl IntoView + use<> {
    view! { <About slug=view.workspace.slug.to_string() id=view.connection.id.to_string() /> }
}

/// Tries the provider out. The form leads to it, as that of a login page does.
fn test(l: Locale, view: &ConnectionView) -> impl IntoView + use<> {
    let action = paths::begin_connection(&view.workspace.slug);
    let error = failure_of(&action);
    view! {
        <section class="panel">
            <h2>{text!(l, connections.test)}</h2>
            <p class="hint">{text!(l, connections.test_hint)}</p>
            <FormError error=error />
            {test_button(action, view.connection.id, text!(l, connections.test))}
        </section>
    }
}

/// The button that begins a test.
pub fn test_button(action: String, id: ConnectionId, words: String) -> impl IntoView {
    view! {
        <form method="post" action=action>
            <input type="hidden" name="connection" value=id.to_string() />
            <input type="hidden" name="test" value="1" />
            <button class="button quiet">{words}</button>
        </form>
    }
}

fn settings(l: Locale, view: &ConnectionView) -> impl IntoView + use<> {
    let error = failure::<UpdateConnection>();
    let preset = view.connection.preset.clone();
    let (about, name, settings) = (about(view), view.connection.name.clone(), view.settings.clone());
    let platform = view.workspace.slug.is_platform();
    view! {
        <section class="panel">
            <h2>{text!(l, connections.settings)}</h2>
            <FormError error=error />
            <PostForm to=UpdateConnection::url()>
                {about}
                <Fields preset=preset name=name settings=settings error=error platform=platform />
                <button class="button">{text!(l, common.save)}</button>
            </PostForm>
        </section>
    }
}

fn enable(l: Locale, view: &ConnectionView) -> impl IntoView + use<> {
    let (about, error) = (about(view), failure::<SetConnectionState>());
    view.connection.disabled.then(|| {
        view! {
            <FormError error=error />
            <PostForm to=SetConnectionState::url()>
                {about}
                <input type="hidden" name="state" value="enabled" />
                <button class="button quiet">{text!(l, connections.enable)}</button>
            </PostForm>
        }
    })
}

fn danger(l: Locale, view: &ConnectionView) -> impl IntoView + use<> {
    let [first, second] = [(); 2].map(|()| about(view));
    let name = view.connection.name.clone();
    let errors = (failure::<SetConnectionState>(), failure::<DeleteConnection>());
    let disable = (!view.connection.disabled).then(|| {
        view! {
            <Disclosure title=text!(l, connections.disable) error=errors.0>
                <PostForm to=SetConnectionState::url()>
                    {first}
                    <input type="hidden" name="state" value="disabled" />
                    <p>{text!(l, connections.disable_hint)}</p>
                    <button class="button danger">{text!(l, connections.disable)}</button>
                </PostForm>
            </Disclosure>
        }
    });
    view! {
        {disable}
        <Disclosure title=text!(l, connections.delete) error=errors.1>
            <PostForm to=DeleteConnection::url()>
                {second}
                <p>{text!(l, connections.delete_hint, name = name)}</p>
                <Field name="confirmation" label=text!(l, connections.confirm)
                    wrong=concerns(errors.1, &[ErrorCode::ConfirmationWrong]) />
                <button class="button danger">{text!(l, connections.delete)}</button>
            </PostForm>
        </Disclosure>
    }
}

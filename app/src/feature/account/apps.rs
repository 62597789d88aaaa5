//! What the viewer let apps have.

use super::api::{DisconnectApp, load_connected_apps};
use crate::{
    i18n::{self, Locale},
    layout::{AppLayout, Width, loaded},
    text,
    ui::{
        avatar::Avatar,
        form::{About, FormError, PostForm},
        icon::Glyph,
        parts::{Badge, Empty, moment},
        told::failure,
        words::scope_text,
    },
};
use iam_types::view::{ConnectedApp, ConnectedAppsView};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/account/apps`
#[component]
pub fn ConnectedAppsPage() -> impl IntoView {
    loaded(load_connected_apps(), apps_view)
}

fn apps_view(view: ConnectedAppsView) -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure::<DisconnectApp>();
    let now = view.now;
    let rows: Vec<_> = view.apps.into_iter().map(|app| row(l, app, now)).collect();
    let list = if rows.is_empty() {
        view! { <Empty glyph=Glyph::Apps text=text!(l, account.apps_none) /> }.into_any()
    } else {
        view! {
            <p class="hint">{text!(l, account.apps_lead)}</p>
            <div class="table-box">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{text!(l, account.app)}</th>
                            <th scope="col">{text!(l, account.may)}</th>
                            <th scope="col" class="wide-only">{text!(l, account.since)}</th>
                            <th scope="col" class="wide-only">{text!(l, account.last_used)}</th>
                            <th scope="col"><span class="unseen">{text!(l, account.disconnect)}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <AppLayout title=text!(l, account.apps) width=Width::List>
            <h1>{text!(l, account.apps)}</h1>
            <FormError error=error />
            {list}
        </AppLayout>
    }
}

fn row(l: Locale, app: ConnectedApp, now: i64) -> impl IntoView {
    let scopes: Vec<_> = app
        .scopes
        .iter()
        .filter_map(|scope| scope_text(l, scope))
        .map(|(_, line)| view! { <li><Badge text=line /></li> })
        .collect();
    let used = match app.last_used_at {
        Some(at) => moment(l, at, now).into_any(),
        None => text!(l, account.not_used).into_any(),
    };
    let label = text!(l, account.disconnect_which, app = app.name.clone());
    view! {
        <tr>
            <td>
                <span class="who">
                    <Avatar name=app.name.clone() square=true />
                    <span><strong dir="auto">{app.name}</strong> <span class="hint" dir="auto">{app.workspace}</span></span>
                </span>
            </td>
            <td><ul class="badges">{scopes}</ul></td>
            <td class="wide-only">{moment(l, app.since, now)}</td>
            <td class="wide-only">{used}</td>
            <td class="tight end">
                <PostForm to=DisconnectApp::url()>
                    <About slug=app.slug.to_string() id=app.id.to_string() />
                    <button class="button quiet" aria-label=label>{text!(l, account.disconnect)}</button>
                </PostForm>
            </td>
        </tr>
    }
}

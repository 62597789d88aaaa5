//! Where the viewer is signed in.

use super::api::{EndOtherSessions, EndSession, SignOutEverywhere, load_sessions};
use crate::{
    i18n::{self, Locale},
    layout::{AppLayout, Width, loaded},
    text,
    ui::{
        form::{Disclosure, FormError, PostForm, first_of},
        parts::{Badge, Notice, Tone, moment},
        sessions::{browser_cell, device},
        told::{done, failure},
        words::sign_in_methods,
    },
};
use iam_types::view::{Done, SessionView, SessionsView};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/account/sessions`
#[component]
pub fn SessionsPage() -> impl IntoView {
    loaded(load_sessions(), sessions_view)
}

fn sessions_view(view: SessionsView) -> impl IntoView {
    let l = i18n::use_locale();
    let ended = done(Done::SignedOut).filter(|count| *count > 0).map(|count| {
        view! { <Notice tone=Tone::Good news=true><p>{text!(l, account.signed_out, count = count)}</p></Notice> }
    });
    let error = first_of([failure::<EndSession>(), failure::<EndOtherSessions>()]);
    let others = (view.sessions.len() > 1).then(|| {
        view! {
            <PostForm to=EndOtherSessions::url()>
                <p class="hint">{text!(l, account.others_hint)}</p>
                <button class="button quiet">{text!(l, account.others)}</button>
            </PostForm>
        }
    });
    let now = view.now;
    let rows: Vec<_> = view
        .sessions
        .into_iter()
        .map(|session| row(l, session, now))
        .collect();
    view! {
        <AppLayout title=text!(l, account.sessions) width=Width::List>
            <h1>{text!(l, account.sessions)}</h1>
            <p class="hint">{text!(l, account.sessions_lead)}</p>
            {ended}
            <FormError error=error />
            <div class="table-box">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{text!(l, account.browser)}</th>
                            <th scope="col" class="wide-only">{text!(l, account.method)}</th>
                            <th scope="col" class="wide-only">{text!(l, account.signed_in_at)}</th>
                            <th scope="col">{text!(l, account.last_active)}</th>
                            <th scope="col"><span class="unseen">{text!(l, account.end)}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {others}
            {everywhere(l)}
        </AppLayout>
    }
}

fn everywhere(l: Locale) -> impl IntoView {
    let error = failure::<SignOutEverywhere>();
    view! {
        <Disclosure title=text!(l, account.everywhere) error=error>
            <PostForm to=SignOutEverywhere::url()>
                <p>{text!(l, account.everywhere_hint)}</p>
                <button class="button danger">{text!(l, account.everywhere)}</button>
            </PostForm>
        </Disclosure>
    }
}

fn row(l: Locale, session: SessionView, now: i64) -> impl IntoView {
    let end_label = text!(
        l,
        account.end_which,
        browser = device(l, &session.browser, &session.system)
    );
    let end = if session.current {
        view! { <Badge text=text!(l, account.current) tone=Tone::Good /> }.into_any()
    } else {
        view! {
            <PostForm to=EndSession::url()>
                <input type="hidden" name="session" value=session.id.to_string() />
                <button class="button quiet" aria-label=end_label>{text!(l, account.end)}</button>
            </PostForm>
        }
        .into_any()
    };
    view! {
        <tr>
            <td>{browser_cell(l, &session)}</td>
            <td class="wide-only">{sign_in_methods(l, &session.amr)}</td>
            <td class="wide-only">{moment(l, session.created_at, now)}</td>
            <td>{moment(l, session.last_seen_at, now)}</td>
            <td class="tight end">{end}</td>
        </tr>
    }
}

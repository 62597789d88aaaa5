//! On a member's page: what apps still may do in their name, from which browser, and an end to it.

use super::api::{EndAppSession, EndAppSessions};
use crate::{
    i18n::Locale,
    text,
    ui::{
        avatar::Avatar,
        form::{About, Disclosure, Field, FormError, PostForm},
        parts::{Badge, moment},
        sessions::device,
        told::{concerns, failure},
    },
};
use iam_types::{ErrorCode, view::AppSession};
use leptos::{prelude::*, server_fn::ServerFn};

/// What apps still may do in a member's name.
pub(super) fn app_sessions(
    l: Locale,
    [slug, id]: [&str; 2],
    sessions: Vec<AppSession>,
    now: i64,
    may_end: bool,
) -> impl IntoView + use<> {
    let any = !sessions.is_empty();
    let rows: Vec<_> = sessions
        .into_iter()
        .map(|session| {
            let form = may_end.then(|| {
                let label = text!(l, members.end_which, app = session.app.clone());
                let about = view! { <About slug=slug id=id /> };
                view! {
                    <PostForm to=EndAppSession::url()>
                        {about}
                        <input type="hidden" name="grant" value=session.id.to_string() />
                        <button class="button quiet" aria-label=label>{text!(l, members.end)}</button>
                    </PostForm>
                }
            });
            let device = device(l, &session.browser, &session.system);
            let offline = session
                .offline
                .then(|| view! { " " <Badge text=text!(l, members.offline) /> });
            view! {
                <tr>
                    <td><span class="who"><Avatar name=session.app.clone() square=true /> <span><strong dir="auto">{session.app}</strong></span></span> {offline}</td>
                    <td class="wide-only">{device}</td>
                    <td class="wide-only">{moment(l, session.since, now)}</td>
                    <td>{moment(l, session.last_used_at, now)}</td>
                    <td class="tight end">{form}</td>
                </tr>
            }
        })
        .collect();
    let table = if rows.is_empty() {
        view! { <p class="hint">{text!(l, members.no_app_session)}</p> }.into_any()
    } else {
        view! {
            <div class="table-box">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{text!(l, members.app)}</th>
                            <th scope="col" class="wide-only">{text!(l, account.browser)}</th>
                            <th scope="col" class="wide-only">{text!(l, members.since_when)}</th>
                            <th scope="col">{text!(l, members.last_used)}</th>
                            <th scope="col"><span class="unseen">{text!(l, members.actions)}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    let all = (may_end && any).then(|| end_all(l, slug, id));
    let error = failure::<EndAppSession>();
    view! {
        <section class="part">
            <h2>{text!(l, members.app_sessions)}</h2>
            <FormError error=error />
            {table}
            {all}
        </section>
    }
}

fn end_all(l: Locale, slug: &str, id: &str) -> impl IntoView + use<> {
    let error = failure::<EndAppSessions>();
    let about = view! { <About slug=slug id=id /> };
    view! {
        <Disclosure title=text!(l, members.end_all) error=error>
            <PostForm to=EndAppSessions::url()>
                {about}
                <p>{text!(l, members.end_all_hint)}</p>
                <Field name="reason" label=text!(l, platform.reason) hint=text!(l, members.end_all_reason)
                    wrong=concerns(error, &[ErrorCode::InvalidText]) />
                <button class="button danger">{text!(l, members.end_all)}</button>
            </PostForm>
        </Disclosure>
    }
}

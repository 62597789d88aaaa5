//! Where a person is signed in, for operators.

use super::api::EndUserSession;
use crate::{
    i18n::Locale,
    text,
    ui::{
        form::{Disclosure, Field, PostForm},
        parts::moment,
        sessions::{browser_cell, device},
        told::{concerns, failure},
    },
};
use iam_types::{ErrorCode, view::SessionView};
use leptos::{prelude::*, server_fn::ServerFn};

/// The list, and the way to end one of them.
pub(super) fn sessions(
    l: Locale,
    id: &str,
    sessions: Vec<SessionView>,
    now: i64,
    may_end: bool,
) -> Option<impl IntoView + use<>> {
    if sessions.is_empty() {
        return None;
    }
    let end = may_end.then(|| end_one(l, id, &sessions));
    let rows: Vec<_> = sessions
        .into_iter()
        .map(|session| {
            view! {
                <tr>
                    <td>{browser_cell(l, &session)}</td>
                    <td class="wide-only">{moment(l, session.created_at, now)}</td>
                    <td>{moment(l, session.last_seen_at, now)}</td>
                </tr>
            }
        })
        .collect();
    Some(view! {
        <section class="part">
            <h2>{text!(l, account.sessions)}</h2>
            <div class="table-box">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{text!(l, account.browser)}</th>
                            <th scope="col" class="wide-only">{text!(l, account.signed_in_at)}</th>
                            <th scope="col">{text!(l, account.last_active)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {end}
        </section>
    })
}

fn end_one(l: Locale, id: &str, sessions: &[SessionView]) -> impl IntoView + use<> {
    let error = failure::<EndUserSession>();
    let id = id.to_owned();
    let choices: Vec<_> = sessions
        .iter()
        .map(|session| {
            let name = device(l, &session.browser, &session.system);
            view! {
                <label class="choice">
                    <input type="radio" name="session" value=session.id.to_string() required />
                    <span>{name} " " <span class="hint" dir="ltr">{session.client_ip.clone()}</span></span>
                </label>
            }
        })
        .collect();
    view! {
        <Disclosure title=text!(l, platform.end_session) error=error>
            <PostForm to=EndUserSession::url()>
                <input type="hidden" name="id" value=id />
                <fieldset>
                    <legend>{text!(l, account.browser)}</legend>
                    {choices}
                </fieldset>
                <Field name="reason" label=text!(l, platform.reason) hint=text!(l, platform.end_session_reason)
                    wrong=concerns(error, &[ErrorCode::InvalidText]) />
                <button class="button danger">{text!(l, platform.end_session)}</button>
            </PostForm>
        </Disclosure>
    }
}

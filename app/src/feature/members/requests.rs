//! People who ask to join, beside the invitations.

use super::join_path_api::{ApproveJoinRequest, DeclineJoinRequest};
use super::words::face;
use crate::{
    i18n::Locale,
    text,
    ui::{
        form::{About, FormError, PostForm, first_of},
        parts::moment,
        told::failure,
    },
};
use iam_types::view::JoinRequestCard;
use leptos::{prelude::*, server_fn::ServerFn};

/// Those who ask, with the answers; nothing where nobody does.
pub fn requests(
    l: Locale,
    slug: &str,
    requests: Vec<JoinRequestCard>,
    now: i64,
    may_answer: bool,
) -> Option<impl IntoView + use<>> {
    if requests.is_empty() {
        return None;
    }
    let error = first_of([failure::<ApproveJoinRequest>(), failure::<DeclineJoinRequest>()]);
    let rows: Vec<_> = requests
        .into_iter()
        .map(|card| row(l, slug, card, now, may_answer))
        .collect();
    Some(view! {
        <section class="part">
            <h2>{text!(l, joining.requests)}</h2>
            <FormError error=error />
            <div class="table-box">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{text!(l, common.name)}</th>
                            <th scope="col" class="wide-only">{text!(l, joining.asked_at)}</th>
                            <th scope="col"><span class="unseen">{text!(l, members.actions)}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    })
}

fn row(l: Locale, slug: &str, card: JoinRequestCard, now: i64, may_answer: bool) -> impl IntoView + use<> {
    let (id, email) = (card.id.to_string(), card.email);
    let buttons = may_answer.then(|| {
        let [first, second] = [(); 2].map(|()| view! { <About slug=slug id=id.clone() /> });
        let approve = text!(l, joining.approve_whom, email = email.clone());
        let refuse = text!(l, joining.refuse_whom, email = email.clone());
        view! {
            <div class="actions">
                <PostForm to=ApproveJoinRequest::url()>
                    {first}
                    <button class="button" aria-label=approve>{text!(l, joining.approve)}</button>
                </PostForm>
                <PostForm to=DeclineJoinRequest::url()>
                    {second}
                    <button class="button quiet" aria-label=refuse>{text!(l, joining.refuse)}</button>
                </PostForm>
            </div>
        }
    });
    view! {
        <tr>
            <td>{face((card.display_name, None), email, None, None)}</td>
            <td class="wide-only">{moment(l, card.asked_at, now)}</td>
            <td class="tight end">{buttons}</td>
        </tr>
    }
}

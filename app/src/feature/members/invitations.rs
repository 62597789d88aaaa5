//! Invitations of a workspace.

use super::api::{Invite, ResendInvitation, WithdrawInvitation, load_invitations};
use super::join_path_api::{ApproveJoinRequest, DeclineJoinRequest};
use crate::{
    i18n,
    layout::{AppLayout, loaded},
    paths, text,
    ui::{
        form::{About, Field, FormError, PostForm, RoleSelect, first_of, refused_lines},
        pager::Pager,
        query::{asked, param},
        told::{concerns, done, failure, refused},
        words::role_name,
    },
};
use iam_types::{
    ErrorCode, Role,
    view::{Delivery, Done, InvitationCard, InvitationsView, JoinRequestCard},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/w/{slug}/admin/invitations`
#[component]
pub fn InvitationsPage() -> impl IntoView {
    let slug = param("slug");
    let before = asked("before");
    let further = !before.is_empty();
    loaded(load_invitations(slug, before), move |view| {
        invitations_view(view, further)
    })
}

fn invitations_view(view: InvitationsView, further: bool) -> impl IntoView {
    let l = i18n::use_locale();
    let slug = view.workspace.slug.clone();
    let title = text!(l, invitations.title);
    let list = paths::invitations(&slug);
    let next = view
        .invitations
        .next
        .as_ref()
        .map(|next| format!("{list}?before={next}"));
    let empty = view
        .invitations
        .rows
        .is_empty()
        .then(|| view! { <p class="empty">{text!(l, invitations.empty)}</p> });
    let rows: Vec<_> = view
        .invitations
        .rows
        .into_iter()
        .map(|card| row(l, slug.to_string(), card, view.now))
        .collect();
    let may_answer = !view.givable.is_empty();
    let form = (!view.givable.is_empty()).then(|| invite_form(slug.to_string(), view.givable));
    let changed = first_of([failure::<ResendInvitation>(), failure::<WithdrawInvitation>()]);
    let requests = requests(l, &slug.to_string(), view.requests, view.now, may_answer);
    view! {
        <AppLayout title=title.clone() workspace=view.workspace>
            <h1>{title}</h1>
            {done(Done::Sent).filter(|count| *count > 0).map(|count| view! { <p class="notice" role="status">{text!(l, invitations.sent, count = count)}</p> })}
            {requests}
            {form}
            <h2>{text!(l, invitations.waiting)}</h2>
            <FormError error=changed />
            {empty}
            <ul class="rows">{rows}</ul>
            <Pager first=further.then_some(list) next=next />
        </AppLayout>
    }
}

fn invite_form(slug: String, givable: Vec<Role>) -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure::<Invite>();
    let wrong = concerns(error, &[ErrorCode::InvalidEmail, ErrorCode::AlreadyMember])
        || !refused::<Invite>().is_empty();
    view! {
        <section class="panel">
            <FormError error=error />
            {refused_lines::<Invite>(l)}
            <PostForm to=Invite::url()>
                <input type="hidden" name="slug" value=slug />
                <Field name="addresses" label=text!(l, invitations.addresses) hint=text!(l, invitations.addresses_hint) lines=3 wrong=wrong />
                <RoleSelect roles=givable chosen=Role::Member />
                <button class="button">{text!(l, invitations.send)}</button>
            </PostForm>
        </section>
    }
}

/// People who ask to join.
fn requests(
    l: i18n::Locale,
    slug: &str,
    requests: Vec<JoinRequestCard>,
    now: i64,
    may_answer: bool,
) -> Option<impl IntoView + use<>> {
    if requests.is_empty() {
        return None;
    }
    let error = first_of([failure::<ApproveJoinRequest>(), failure::<DeclineJoinRequest>()]);
    let row = |card: JoinRequestCard| {
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
            <li class="row">
                <div>
                    <strong>{email}</strong>
                    <p class="hint">{card.display_name} " " {text!(l, joining.asked_ago, ago = i18n::ago(l, card.asked_at, now))}</p>
                </div>
                {buttons}
            </li>
        }
    };
    let rows: Vec<_> = requests.into_iter().map(row).collect();
    Some(view! {
        <h2>{text!(l, joining.requests)}</h2>
        <FormError error=error />
        <ul class="rows">{rows}</ul>
    })
}

fn row(l: i18n::Locale, slug: String, card: InvitationCard, now: i64) -> impl IntoView {
    let sent = text!(
        l,
        invitations.sent_by,
        inviter = card.invited_by,
        ago = i18n::ago(l, card.sent_at, now)
    );
    let id = card.id.to_string();
    let [first, second] = [(); 2].map(|()| view! { <About slug=slug.clone() id=id.clone() /> });
    let again = text!(l, invitations.resend_to, email = card.email.clone());
    let withdraw = text!(l, invitations.withdraw_from, email = card.email.clone());
    let buttons = card.may_change.then(|| {
        view! {
            <div class="actions">
                <PostForm to=ResendInvitation::url()>
                    {first}
                    <button class="button quiet" aria-label=again>{text!(l, invitations.resend)}</button>
                </PostForm>
                <PostForm to=WithdrawInvitation::url()>
                    {second}
                    <button class="button quiet" aria-label=withdraw>{text!(l, invitations.withdraw)}</button>
                </PostForm>
            </div>
        }
    });
    let undelivered = match card.delivery {
        Delivery::Waiting | Delivery::Left => None,
        Delivery::Delayed(reason) => Some((
            text!(l, invitations.delayed),
            text!(l, invitations.delayed_why, reason = reason),
        )),
        Delivery::Failed(reason) => Some((
            text!(l, invitations.failed),
            text!(l, invitations.failed_why, reason = reason),
        )),
    };
    let (undelivered, why) = undelivered.filter(|_| !card.expired).unzip();
    view! {
        <li class="row">
            <div>
                <strong>{card.email}</strong>
                <span class="badge">{role_name(l, card.role)}</span>
                {card.expired.then(|| view! { <span class="badge">{text!(l, invitations.expired)}</span> })}
                {undelivered.map(|word| view! { <span class="badge">{word}</span> })}
                <p class="hint">{sent}</p>
                {why.map(|why| view! { <p class="hint">{why}</p> })}
            </div>
            {buttons}
        </li>
    }
}

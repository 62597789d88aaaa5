//! Invitations of a workspace.

use super::api::{Invite, ResendInvitation, WithdrawInvitation, load_invitations};
use super::requests::requests;
use crate::{
    i18n::{self, Locale},
    layout::{AppLayout, Width, loaded},
    paths, text,
    ui::{
        avatar::Avatar,
        form::{About, Field, FormError, PostForm, RoleSelect, first_of, refused_lines},
        icon::Glyph,
        pager::Pager,
        parts::{Badge, Empty, Notice, Tone, moment},
        query::{asked, param},
        told::{concerns, done, failure, refused},
        words::role_name,
    },
};
use iam_types::{
    ErrorCode, Role, Slug,
    view::{Delivery, Done, InvitationCard, InvitationsView},
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
    let rows = view.invitations.rows;
    let waiting = if rows.is_empty() {
        view! { <Empty glyph=Glyph::Invitations text=text!(l, invitations.empty) /> }.into_any()
    } else {
        table(l, &slug, rows, view.now).into_any()
    };
    let may_answer = !view.givable.is_empty();
    let form = may_answer.then(|| invite_form(slug.to_string(), view.givable));
    let changed = first_of([failure::<ResendInvitation>(), failure::<WithdrawInvitation>()]);
    let requests = requests(l, slug.as_str(), view.requests, view.now, may_answer);
    let sent = done(Done::Sent).filter(|count| *count > 0).map(|count| {
        view! { <Notice tone=Tone::Good news=true><p>{text!(l, invitations.sent, count = count)}</p></Notice> }
    });
    view! {
        <AppLayout title=title.clone() workspace=view.workspace width=Width::List>
            <h1>{title}</h1>
            {sent}
            {requests}
            {form}
            <section class="part">
                <h2>{text!(l, invitations.waiting)}</h2>
                <FormError error=changed />
                {waiting}
            </section>
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
            <h2>{text!(l, invitations.invite_people)}</h2>
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

/// How an invitation is, and why it did not arrive.
fn status(l: Locale, card: &InvitationCard) -> (String, Tone, Option<String>) {
    if card.expired {
        return (text!(l, invitations.expired), Tone::Warn, None);
    }
    match &card.delivery {
        Delivery::Waiting => (text!(l, invitations.sending), Tone::Neutral, None),
        Delivery::Left => (text!(l, invitations.sent_state), Tone::Good, None),
        Delivery::Delayed(reason) => (
            text!(l, invitations.delayed),
            Tone::Warn,
            Some(text!(l, invitations.delayed_why, reason = reason.clone())),
        ),
        Delivery::Failed(reason) => (
            text!(l, invitations.failed),
            Tone::Bad,
            Some(text!(l, invitations.failed_why, reason = reason.clone())),
        ),
    }
}

fn table(l: Locale, slug: &Slug, cards: Vec<InvitationCard>, now: i64) -> impl IntoView + use<> {
    let rows: Vec<_> = cards.into_iter().map(|card| row(l, slug, card, now)).collect();
    view! {
        <div class="table-box">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{text!(l, common.email)}</th>
                        <th scope="col" class="wide-only">{text!(l, members.role)}</th>
                        <th scope="col">{text!(l, invitations.status)}</th>
                        <th scope="col" class="wide-only">{text!(l, invitations.sent_at)}</th>
                        <th scope="col"><span class="unseen">{text!(l, members.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(l: Locale, slug: &Slug, card: InvitationCard, now: i64) -> impl IntoView + use<> {
    let id = card.id.to_string();
    let (word, tone, why) = status(l, &card);
    let buttons = card.may_change.then(|| {
        let [first, second] = [(); 2].map(|()| view! { <About slug=slug.to_string() id=id.clone() /> });
        let again = text!(l, invitations.resend_to, email = card.email.clone());
        let withdraw = text!(l, invitations.withdraw_from, email = card.email.clone());
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
    view! {
        <tr>
            <td>
                <span class="who">
                    <Avatar name=card.email.clone() />
                    <span>
                        <strong dir="auto">{card.email.clone()}</strong>
                        {why.map(|why| view! { <span class="hint">{why}</span> })}
                    </span>
                </span>
            </td>
            <td class="wide-only"><Badge text=role_name(l, card.role) /></td>
            <td class="tight"><Badge text=word tone=tone /></td>
            <td class="wide-only">
                {moment(l, card.sent_at, now)} " "
                <span class="hint wrapped">{text!(l, invitations.by, who = card.invited_by)}</span>
            </td>
            <td class="tight end">{buttons}</td>
        </tr>
    }
}

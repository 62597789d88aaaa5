//! Joining and leaving a workspace.

use super::api::{AcceptInvitation, DeclineInvitation, LeaveWorkspace, load_join};
use crate::{
    feature::sign_in::MailForm,
    i18n,
    layout::{AppLayout, CardLayout, NotFound, SignOut, staged},
    paths, text,
    ui::{
        form::{About, FormError, PostForm, first_of},
        parts::{Notice, Tone},
        query::{asked, param},
        told::failure,
        words::role_name,
    },
};
use iam_types::{
    Slug,
    view::{JoinState, JoinView, WaitingInvitation},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/w/{slug}/join?invitation={id}`
#[component]
pub fn JoinPage() -> impl IntoView {
    let l = i18n::use_locale();
    let (slug, id) = (param("slug"), asked("invitation"));
    let view = load_join(slug, id);
    let render = move |JoinView {
                           waiting,
                           brand,
                           state,
                       }: JoinView| {
        let rest = match state {
            JoinState::SignedOut => view! {
                <p class="hint">{text!(l, invitations.sign_in, email = waiting.email.clone())}</p>
                <MailForm slug=waiting.slug.to_string() request="" hint=waiting.email.clone() passkeys=false />
            }
            .into_any(),
            JoinState::Ready => {
                view! { <Answer waiting=waiting.clone() /> }.into_any()
            }
            JoinState::SomebodyElse(viewer) => view! {
                <Notice tone=Tone::Warn>
                    <p>{text!(l, invitations.somebody_else, viewer = viewer, email = waiting.email.clone())}</p>
                </Notice>
                <SignOut />
            }
            .into_any(),
        };
        view! {
            <CardLayout title=text!(l, invitations.join_title) brand=brand>
                <h1>{text!(l, invitations.join, workspace = waiting.workspace.clone())}</h1>
                <p>{text!(l, invitations.join_lead, inviter = waiting.invited_by.clone(), role = role_name(l, waiting.role))}</p>
                {rest}
            </CardLayout>
        }
    };
    staged(view, render)
}

/// Yes and no to an invitation.
#[component]
pub fn Answer(
    /// The invitation.
    waiting: WaitingInvitation,
) -> impl IntoView {
    let l = i18n::use_locale();
    let (slug, id) = (waiting.slug.to_string(), waiting.id.to_string());
    let [first, second] = [(); 2].map(|()| view! { <About slug=slug.clone() id=id.clone() /> });
    let error = first_of([failure::<AcceptInvitation>(), failure::<DeclineInvitation>()]);
    let which = waiting.workspace;
    let accept_which = text!(l, invitations.accept_which, workspace = which.clone());
    let decline_which = text!(l, invitations.decline_which, workspace = which);
    view! {
        <FormError error=error />
        <div class="actions">
            <PostForm to=AcceptInvitation::url()>
                {first}
                <button class="button" aria-label=accept_which>{text!(l, invitations.accept)}</button>
            </PostForm>
            <PostForm to=DeclineInvitation::url()>
                {second}
                <button class="button quiet" aria-label=decline_which>{text!(l, invitations.decline)}</button>
            </PostForm>
        </div>
    }
}

/// `/w/{slug}/leave`
#[component]
pub fn LeavePage() -> impl IntoView {
    let l = i18n::use_locale();
    let slug = param("slug");
    // The page says what it was asked for, and nobody else's words.
    if slug.parse::<Slug>().is_err() {
        return view! { <NotFound /> }.into_any();
    }
    let error = failure::<LeaveWorkspace>();
    let title = text!(l, members.leave_title, slug = slug.clone());
    view! {
        <AppLayout title=title.clone()>
            <h1 class="wrapped">{title}</h1>
            <section class="panel danger-zone">
                <p>{text!(l, members.leave_hint)}</p>
                <FormError error=error />
                <PostForm to=LeaveWorkspace::url()>
                    <input type="hidden" name="slug" value=slug />
                    <div class="actions">
                        <button class="button danger">{text!(l, members.leave)}</button>
                        <a class="button quiet" href=paths::WORKSPACES>{text!(l, common.cancel)}</a>
                    </div>
                </PostForm>
            </section>
        </AppLayout>
    }
    .into_any()
}

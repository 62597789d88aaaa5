//! The door of a workspace, for people without an invitation.

use super::join_path_api::{JoinOrRequest, WithdrawJoinRequest, load_join_path};
use crate::{
    i18n,
    layout::{CardLayout, staged},
    paths, text,
    ui::{
        avatar::Avatar,
        form::{FormError, PostForm, first_of},
        parts::Badge,
        query::{asked, param},
        told::failure,
    },
};
use iam_types::view::{JoinPathState, JoinPathView, ReachableWorkspace};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/w/{slug}/ask?request={id}`
#[component]
pub fn JoinPathPage() -> impl IntoView {
    let l = i18n::use_locale();
    let (slug, request) = (param("slug"), asked("request"));
    let view = load_join_path(slug.clone());
    let error = failure::<JoinOrRequest>();
    let render = move |view: JoinPathView| {
        let (lead, button) = match view.state {
            JoinPathState::Open => (
                text!(l, joining.open_lead, email = view.email),
                Some(text!(l, joining.join)),
            ),
            JoinPathState::Ask => (
                text!(l, joining.ask_lead, email = view.email),
                Some(text!(l, joining.ask)),
            ),
            JoinPathState::Asked => (text!(l, joining.asked_lead, email = view.email), None),
        };
        let form = button.map(|label| {
            let (slug, request) = (slug.clone(), request.clone());
            view! {
                <form method="post" action=JoinOrRequest::url()>
                    <input type="hidden" name="slug" value=slug />
                    <input type="hidden" name="request" value=request />
                    <button class="button">{label}</button>
                </form>
            }
        });
        let name = view.brand.name.clone();
        view! {
            <CardLayout title=text!(l, joining.reachable) brand=view.brand>
                <h1>{text!(l, joining.title, workspace = name)}</h1>
                <p>{lead}</p>
                <FormError error=error />
                {form}
                <p><a href=paths::WORKSPACES>{text!(l, common.workspaces)}</a></p>
            </CardLayout>
        }
    };
    staged(view, render)
}

/// Workspaces that the viewer could join, with what it takes.
pub fn reachable_panel(l: i18n::Locale, reachable: Vec<ReachableWorkspace>) -> Option<impl IntoView> {
    if reachable.is_empty() {
        return None;
    }
    let error = first_of([failure::<JoinOrRequest>(), failure::<WithdrawJoinRequest>()]);
    let rows: Vec<_> = reachable.into_iter().map(|workspace| row(l, workspace)).collect();
    Some(view! {
        <h2>{text!(l, joining.reachable)}</h2>
        <FormError error=error />
        <ul class="rows">{rows}</ul>
    })
}

fn row(l: i18n::Locale, workspace: ReachableWorkspace) -> impl IntoView {
    let (slug, name) = (workspace.slug.to_string(), workspace.name);
    let state = (workspace.state == JoinPathState::Asked).then(|| {
        view! { <Badge text=text!(l, joining.asked) /> }
    });
    let (label, hidden) = (name.clone(), slug.clone());
    let form = match workspace.state {
        JoinPathState::Asked => view! {
            <PostForm to=WithdrawJoinRequest::url()>
                <input type="hidden" name="slug" value=hidden />
                <button class="button quiet" aria-label=text!(l, joining.withdraw_which, workspace = label)>{text!(l, joining.withdraw)}</button>
            </PostForm>
        }
        .into_any(),
        open => {
            let (words, which) = if open == JoinPathState::Open {
                (text!(l, joining.join), text!(l, joining.join_which, workspace = label))
            } else {
                (text!(l, joining.ask), text!(l, joining.ask_which, workspace = label))
            };
            view! {
                <PostForm to=JoinOrRequest::url()>
                    <input type="hidden" name="slug" value=hidden />
                    <input type="hidden" name="request" value="" />
                    <button class="button quiet" aria-label=which>{words}</button>
                </PostForm>
            }
            .into_any()
        }
    };
    view! {
        <li class="row">
            <div class="who">
                <Avatar name=name.clone() square=true />
                <span>
                    <span><strong dir="auto">{name}</strong> " " {state}</span>
                    <span class="hint" dir="ltr">{slug}</span>
                </span>
            </div>
            {form}
        </li>
    }
}

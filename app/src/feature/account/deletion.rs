//! The end of the viewer's account.

use super::sign_in_first;
use crate::{
    AppError,
    feature::sign_in::let_go,
    i18n::{self, Locale, day},
    layout::{AppLayout, CardLayout, SignOut, loaded},
    paths,
    server::{
        context::{ctx, iam, signed_in},
        outcome::tell,
        wanted,
    },
    text,
    ui::{
        form::{Field, FormError, PostForm},
        parts::{Notice, Tone},
        query::asked,
        told::{concerns, failure},
    },
};
use iam_types::{
    ErrorCode, Slug,
    view::{DeletionView, Done, OwnedWorkspace},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Ends the viewer's account.
#[server(prefix = "/fn", endpoint = "delete_account")]
pub async fn delete_account(#[server(default)] confirmation: String) -> Result<(), AppError> {
    let (iam, ctx) = (iam()?, signed_in()?);
    iam.account().schedule_deletion(&ctx, &confirmation).await?;
    let_go(&iam, &ctx);
    leptos_actix::redirect(paths::ACCOUNT_ENDS);
    Ok(())
}

/// Keeps the account that was to end.
#[server(prefix = "/fn", endpoint = "keep_account")]
pub async fn keep_account() -> Result<(), AppError> {
    let (iam, ctx) = (iam()?, or_signed_in()?);
    iam.account().keep(&ctx).await?;
    tell(paths::ACCOUNT, Done::AccountKept);
    Ok(())
}

/// How the viewer's account can end. Who has to prove first who they are comes back here.
async fn load_deletion() -> Result<DeletionView, AppError> {
    let view = iam()?.account().deletion(&or_signed_in()?).await?;
    if !view.recent {
        wanted::remember();
    }
    Ok(view)
}

/// The facts of a request of somebody who is signed in, be it that their account ends.
fn or_signed_in() -> Result<iam::Ctx, AppError> {
    let ctx = ctx()?;
    if ctx.ending.is_some() {
        Ok(ctx)
    } else {
        signed_in()
    }
}

/// `/account/delete`
#[component]
pub fn DeletionPage() -> impl IntoView {
    let l = i18n::use_locale();
    if !asked("done").is_empty() {
        return done(l).into_any();
    }
    let error = failure::<DeleteAccount>();
    let keeping = failure::<KeepAccount>();
    let render = move |view: DeletionView| match view.due_at {
        Some(due) => ends(l, due, view.email, keeping).into_any(),
        None => asking(l, view, error).into_any(),
    };
    loaded(load_deletion(), render).into_any()
}

fn asking(l: Locale, view: DeletionView, error: Option<ErrorCode>) -> impl IntoView {
    let form = match (view.owned.is_empty(), view.recent) {
        (false, _) => owned(l, view.owned).into_any(),
        (true, false) => sign_in_first(l, text!(l, deletion.again)).into_any(),
        (true, true) => view! {
            <PostForm to=DeleteAccount::url()>
                <Field name="confirmation" label=text!(l, deletion.confirm, email = view.email) inputmode="email"
                    wrong=concerns(error, &[ErrorCode::ConfirmationWrong]) />
                <div class="actions">
                    <button class="button danger">{text!(l, deletion.title)}</button>
                    <a class="button quiet" href=paths::ACCOUNT>{text!(l, common.cancel)}</a>
                </div>
            </PostForm>
        }
        .into_any(),
    };
    view! {
        <AppLayout title=text!(l, deletion.title)>
            <h1>{text!(l, deletion.title)}</h1>
            <section class="panel danger-zone">
                <p>{text!(l, deletion.lead)}</p>
                <p>{text!(l, deletion.grace)}</p>
                <p class="hint">{text!(l, deletion.stays)}</p>
                <FormError error=error />
                {form}
            </section>
        </AppLayout>
    }
}

/// The workspaces that need another owner first, and what can be done about each.
fn owned(l: Locale, owned: Vec<OwnedWorkspace>) -> impl IntoView {
    let rows: Vec<_> = owned
        .into_iter()
        .map(|workspace| {
            let slug = &workspace.slug;
            let other = (*slug != Slug::platform()).then(|| {
                view! { <a href=paths::settings(slug)>{text!(l, deletion.delete_workspace)}</a> }
            });
            view! {
                <li class="key">
                    <span class="who"><strong dir="auto">{workspace.name}</strong></span>
                    <a href=paths::members(slug)>{text!(l, deletion.appoint)}</a>
                    {other}
                </li>
            }
        })
        .collect();
    view! {
        <Notice tone=Tone::Warn><p>{text!(l, deletion.owned)}</p></Notice>
        <ul class="keys">{rows}</ul>
    }
}

/// What somebody sees whose account ends: nothing else works until they keep it.
fn ends(l: Locale, due: i64, email: String, error: Option<ErrorCode>) -> impl IntoView {
    let title = text!(l, deletion.ends, day = day(due));
    view! {
        <CardLayout title=title.clone()>
            <h1>{title}</h1>
            <p>{text!(l, deletion.ends_lead, email = email)}</p>
            <FormError error=error />
            <form method="post" action=KeepAccount::url()>
                <button class="button">{text!(l, deletion.keep)}</button>
            </form>
            <div class="other-ways"><SignOut /></div>
        </CardLayout>
    }
}

fn done(l: Locale) -> impl IntoView {
    view! {
        <CardLayout title=text!(l, deletion.done)>
            <h1>{text!(l, deletion.done)}</h1>
            <p>{text!(l, deletion.done_lead)}</p>
            <p><a class="button quiet" href=paths::LOGIN>{text!(l, login.title)}</a></p>
        </CardLayout>
    }
}

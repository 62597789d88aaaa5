//! Signing in with a password.

use super::api::{go_on, keep_browser, load_login, load_sign_in, parse_request, parse_slug};
use crate::{
    AppError, i18n,
    layout::{CardLayout, staged},
    paths,
    server::context::{ctx, iam, keep_uncompressed},
    text,
    ui::{
        form::{Field, FormError, PostForm},
        password::{PasswordField, Typing},
        query::{asked, param},
        told::{concerns, failure},
    },
};
use iam::sign_in::password::PasswordForm;
use iam_types::{ErrorCode, view::Brand};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordLoginView {
    /// The form, and what ties it to this browser.
    form: [String; 2],
    /// The workspace, empty for the platform.
    slug: String,
    /// The app's request, empty without one.
    request: String,
    /// The app's name, when one asked.
    app: Option<String>,
    /// The address to prefill.
    hint: String,
    /// The login page with the other ways.
    others: String,
    /// The way to a new password.
    forgotten: String,
    brand: Option<Brand>,
}

/// Signs in with an address and a password.
#[server(prefix = "/fn", endpoint = "redeem_password")]
pub async fn redeem_password(
    #[server(default)] form: String,
    #[server(default)] proof: String,
    #[server(default)] slug: String,
    #[server(default)] request: String,
    email: String,
    password: String,
) -> Result<(), AppError> {
    let (iam, ctx) = (iam()?, ctx()?);
    let slug = parse_slug(&slug)?;
    let form = PasswordForm {
        id: form.parse().map_err(|_| ErrorCode::SignInExpired)?,
        proof: &proof,
        address: &email,
        password: &password,
        slug: slug.as_ref(),
        authorization_id: parse_request(&request)?,
    };
    let signed_in = iam.sign_in().redeem_password(&ctx, form).await?;
    go_on(&iam, &ctx, signed_in, false).await
}

/// Brings a form for this browser.
pub async fn load_password_login(
    slug: String,
    request: String,
    again: String,
) -> Result<PasswordLoginView, AppError> {
    let (workspace, authorization) = (parse_slug(&slug)?, parse_request(&request)?);
    let view = match workspace {
        Some(_) => Some(
            load_sign_in(slug.clone(), request.clone(), again.clone())
                .await?
                .0,
        ),
        None => {
            load_login(again.clone()).await?;
            None
        }
    };
    let (iam, ctx) = (iam()?, ctx()?);
    let shown = iam
        .sign_in()
        .show_password_form(&ctx, workspace.as_ref(), authorization)
        .await?;
    keep_browser(&iam, &ctx, shown.browser.expose());
    // The page says what only this browser may send.
    keep_uncompressed();
    let others = match (&workspace, again.is_empty()) {
        (Some(slug), true) => paths::workspace_login(slug, authorization),
        (Some(slug), false) => paths::workspace_login_again(slug.as_str()),
        (None, true) => paths::LOGIN.to_owned(),
        (None, false) => paths::LOGIN_AGAIN.to_owned(),
    };
    let on = workspace.map(|slug| paths::workspace_login(&slug, authorization));
    Ok(PasswordLoginView {
        form: [shown.id.to_string(), shown.proof.expose().to_owned()],
        forgotten: paths::password(&on.unwrap_or_default()),
        app: view.as_ref().and_then(|view| view.app.clone()),
        hint: view
            .as_ref()
            .map(|view| view.login_hint.clone())
            .unwrap_or_default(),
        brand: view.map(|view| view.brand),
        slug,
        request,
        others,
    })
}

/// `/login/password` and `/w/{slug}/login/password`
#[component]
pub fn PasswordLoginPage() -> impl IntoView {
    let l = i18n::use_locale();
    let view = load_password_login(param("slug"), asked("request"), asked("again"));
    let error = failure::<RedeemPassword>();
    let render = move |view: PasswordLoginView| {
        let title = match &view.brand {
            Some(brand) => text!(l, login.to_workspace, workspace = brand.name.clone()),
            None => text!(l, login.title),
        };
        let [form, proof] = view.form;
        let lead = view
            .app
            .map(|app| view! { <p>{text!(l, login.for_app, app = app)}</p> });
        let wrong = concerns(error, &[ErrorCode::PasswordWrong]);
        view! {
            <CardLayout title=text!(l, login.title) brand=view.brand>
                <h1>{title}</h1>
                {lead}
                <FormError error=error />
                <PostForm to=RedeemPassword::url()>
                    <input type="hidden" name="form" value=form />
                    <input type="hidden" name="proof" value=proof />
                    <input type="hidden" name="slug" value=view.slug />
                    <input type="hidden" name="request" value=view.request />
                    <Field name="email" label=text!(l, common.email) autocomplete="username" inputmode="email" value=view.hint first=true
                        wrong=concerns(error, &[ErrorCode::InvalidEmail]) />
                    <PasswordField typing=Typing::Current label=text!(l, password.label) wrong=wrong />
                    <button class="button">{text!(l, login.title)}</button>
                </PostForm>
                <div class="other-ways">
                    <a href=view.forgotten>{text!(l, password.forgotten)}</a>
                    <a href=view.others>{text!(l, password.others)}</a>
                </div>
            </CardLayout>
        }
    };
    staged(view, render)
}

/// The way to the page, from a login page.
#[component]
pub fn PasswordWay(
    /// The workspace, empty for the platform.
    #[prop(into)]
    slug: String,
    /// The app's request, empty without one.
    #[prop(into)]
    request: String,
    /// Whether passwords count here.
    shown: bool,
) -> impl IntoView {
    let l = i18n::use_locale();
    let again = !asked("again").is_empty();
    let (workspace, authorization) = (slug.parse().ok(), request.parse().ok());
    let href = paths::password_login(workspace.as_ref(), authorization, again);
    shown.then(|| view! { <div class="other-ways"><a href=href>{text!(l, password.sign_in)}</a></div> })
}

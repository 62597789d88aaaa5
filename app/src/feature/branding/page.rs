//! The page that changes how a workspace looks, with a preview that follows what is typed.

use super::api::{RemoveLogo, UpdateBranding, load_branding};
use crate::{
    i18n::{self, Locale},
    paths, text,
    ui::{
        brand::BrandHead,
        form::{Field, FormError, Saved, any_failure, concerns, failure},
        layout::Frame,
        load::{loaded, page_data, param},
        post::{Post, PostForm},
        told::failure_of,
    },
};
use iam_types::{
    ErrorCode,
    view::{Brand, BrandingView},
};
use leptos::{ev::Event, prelude::*};

#[derive(Clone, Copy)]
struct Actions {
    update: Post<UpdateBranding>,
    remove: Post<RemoveLogo>,
}

/// `/w/{slug}/admin/branding`
#[component]
pub fn BrandingPage() -> impl IntoView {
    let slug = param("slug");
    let actions = Actions {
        update: Post::new(),
        remove: Post::new(),
    };
    let versions = move || (actions.update.version().get(), actions.remove.version().get());
    let view = page_data(
        move || (slug.clone(), versions()),
        |(slug, _)| load_branding(slug),
    );
    loaded(view, move |view: BrandingView| branding(view, actions))
}

fn branding(view: BrandingView, actions: Actions) -> impl IntoView {
    let l = i18n::use_locale();
    let title = text!(l, branding.title);
    let (accent, set_accent) = signal(view.accent.clone());
    let (login_text, set_login_text) = signal(view.brand.login_text.clone());
    let typed = move |event: Event| match event_target_name(&event).as_str() {
        "accent" => set_accent.set(event_target_value(&event)),
        "login_text" => set_login_text.set(event_target_value(&event)),
        _ => {}
    };
    let error = any_failure([failure(actions.update.value()), failure(actions.remove.value())]);
    let refused = refusal(l, &paths::logo_upload(&view.workspace.slug));
    let slug = view.workspace.slug.to_string();
    let logo = view.may_update.then(|| logo_forms(l, &view, actions.remove));
    let brand = view.brand.clone();
    view! {
        <Frame title=title.clone() workspace=view.workspace>
            <h1>{title}</h1>
            <p>{text!(l, branding.lead)}</p>
            <Saved />
            {refused}
            <FormError error=error />
            <div on:input=typed>
                <PostForm action=actions.update>
                    <input type="hidden" name="slug" value=slug />
                    <fieldset disabled=!view.may_update>
                        <Field name="accent" label=text!(l, branding.accent) hint=text!(l, branding.accent_hint) value=view.accent
                            optional=true wrong=concerns(error, &[ErrorCode::InvalidColour]) />
                        <Field name="login_text" label=text!(l, branding.login_text) hint=text!(l, branding.login_text_hint)
                            value=view.brand.login_text lines=3 optional=true wrong=concerns(error, &[ErrorCode::InvalidText]) />
                        <Field name="support" label=text!(l, branding.support) hint=text!(l, branding.support_hint)
                            value=view.brand.support optional=true wrong=concerns(error, &[ErrorCode::InvalidLink]) />
                        <button class="button" disabled=move || actions.update.pending().get()>{text!(l, common.save)}</button>
                    </fieldset>
                </PostForm>
            </div>
            {logo}
            {preview(l, brand, accent, login_text)}
        </Frame>
    }
}

/// Why the logo's form failed, which is no server function.
fn refusal(l: Locale, form: &str) -> Option<impl IntoView + use<>> {
    let code = failure_of(form)?;
    Some(view! { <p class="notice notice-danger" role="alert">{i18n::error_text(l, code)}</p> })
}

fn logo_forms(l: Locale, view: &BrandingView, remove: Post<RemoveLogo>) -> impl IntoView + use<> {
    let slug = view.workspace.slug.to_string();
    let current = view.brand.logo.is_some().then(|| {
        view! {
            <PostForm action=remove>
                <input type="hidden" name="slug" value=slug />
                <button class="button quiet">{text!(l, branding.logo_remove)}</button>
            </PostForm>
        }
    });
    view! {
        <section class="panel">
            <h2>{text!(l, branding.logo)}</h2>
            <form method="post" enctype="multipart/form-data" action=paths::logo_upload(&view.workspace.slug)>
                <div class="field">
                    <label for="logo">{text!(l, branding.logo_file)}</label>
                    <p class="hint" id="logo-hint">{text!(l, branding.logo_hint)}</p>
                    <input id="logo" name="logo" type="file" required accept="image/png,image/jpeg,image/webp,image/svg+xml" aria-describedby="logo-hint" />
                </div>
                <button class="button quiet">{text!(l, branding.logo_save)}</button>
            </form>
            {current}
        </section>
    }
}

fn preview(
    l: Locale,
    brand: Brand,
    accent: ReadSignal<String>,
    login_text: ReadSignal<String>,
) -> impl IntoView {
    // The colours come as a style sheet of their own, made by the server: what is seen here is what will be seen there.
    let style = move || accent.with(|accent| style_of(accent));
    let sheet = move || style().map(|href| view! { <link rel="stylesheet" href=href /> });
    let card = move |scheme: &'static str, label: String| {
        let brand = brand.clone();
        view! {
            <div>
                <h3>{label}</h3>
                <div class=scheme aria-hidden="true">
                    <div class="card">
                        <BrandHead brand=brand.clone() />
                        <p class="title">{text!(l, login.to_workspace, workspace = brand.name)}</p>
                        <p class="login-text">{login_text}</p>
                        <span class="button">{text!(l, login.submit)}</span>
                        <p><span class="as-link">{text!(l, branding.a_link)}</span> <span class="badge">{text!(l, workspace.role_member)}</span></p>
                    </div>
                </div>
            </div>
        }
    };
    view! {
        <section>
            <h2>{text!(l, branding.preview)}</h2>
            {sheet}
            <div class="previews">
                {card("preview scheme-light", text!(l, branding.in_light))}
                {card("preview scheme-dark", text!(l, branding.in_dark))}
            </div>
        </section>
    }
}

/// Where the style sheet of a complete colour is.
fn style_of(accent: &str) -> Option<String> {
    let digits = accent.trim().strip_prefix('#')?;
    let complete = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    complete.then(|| format!("/brand/{}.css", digits.to_ascii_lowercase()))
}

fn event_target_name(event: &Event) -> String {
    event_target::<leptos::web_sys::Element>(event)
        .get_attribute("name")
        .unwrap_or_default()
}

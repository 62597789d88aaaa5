//! The page that changes how a workspace looks, with a preview that follows what is typed.

use super::api::{RemoveLogo, UpdateBranding, load_branding};
use crate::{
    i18n::{self, Locale},
    islands::{BrandPreview, PICKER},
    layout::{AppLayout, Width, loaded},
    paths, text,
    ui::{
        form::{Field, FormError, Picture, PostForm, first_of},
        parts::{Notice, Tone},
        query::param,
        told::{concerns, failure, failure_of},
    },
};
use iam_types::{
    ErrorCode,
    view::{Brand, BrandingView},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/w/{slug}/admin/branding`
#[component]
pub fn BrandingPage() -> impl IntoView {
    let slug = param("slug");
    loaded(load_branding(slug), branding)
}

fn branding(view: BrandingView) -> impl IntoView {
    let l = i18n::use_locale();
    let title = text!(l, branding.title);
    let error = first_of([failure::<UpdateBranding>(), failure::<RemoveLogo>()]);
    let refused = refusal(l, &paths::logo_upload(&view.workspace.slug));
    let slug = view.workspace.slug.to_string();
    let logo = view.may_update.then(|| logo_forms(l, &view));
    // The scheme is for browsers: people typed an address.
    let help = view.brand.support.trim_start_matches("mailto:").to_owned();
    let picker = view.may_update.then(|| picker(l, &view.accent));
    let preview = preview(l, view.brand.clone(), view.accent.clone());
    view! {
        <AppLayout title=title.clone() workspace=view.workspace width=Width::List>
            <h1>{title}</h1>
            <p class="lead">{text!(l, branding.lead)}</p>
            {refused}
            <FormError error=error />
            <div class="split">
            <div>
                <PostForm to=UpdateBranding::url()>
                    <input type="hidden" name="slug" value=slug />
                    <fieldset class="panel" disabled=!view.may_update>
                        <div class="with-picker">
                            <Field name="accent" label=text!(l, branding.accent) hint=text!(l, branding.accent_hint) value=view.accent
                                optional=true maxlength=7 wrong=concerns(error, &[ErrorCode::InvalidColour]) />
                            {picker}
                        </div>
                        <Field name="login_text" label=text!(l, branding.login_text) hint=text!(l, branding.login_text_hint)
                            value=view.brand.login_text lines=3 optional=true wrong=concerns(error, &[ErrorCode::InvalidText]) />
                        <Field name="support" label=text!(l, branding.support) hint=text!(l, branding.support_hint)
                            value=help optional=true wrong=concerns(error, &[ErrorCode::InvalidLink]) />
                        <button class="button">{text!(l, common.save)}</button>
                    </fieldset>
                </PostForm>
                {logo}
            </div>
            {preview}
            </div>
        </AppLayout>
    }
}

/// Our own accent, where a workspace has none: the picker has to start somewhere.
const OURS: &str = "#4345d6";

fn picker(l: Locale, accent: &str) -> impl IntoView + use<> {
    let colour = if accent.is_empty() { OURS } else { accent }.to_owned();
    view! { <input type="color" class="picker scripted" id=PICKER disabled value=colour aria-label=text!(l, branding.pick_accent) /> }
}

/// Why the logo's form failed, which is no server function.
fn refusal(l: Locale, form: &str) -> Option<impl IntoView + use<>> {
    let code = failure_of(form)?;
    Some(view! { <div role="alert"><Notice tone=Tone::Bad><p>{i18n::error_text(l, code)}</p></Notice></div> })
}

fn logo_forms(l: Locale, view: &BrandingView) -> impl IntoView + use<> {
    let slug = view.workspace.slug.to_string();
    let current = view.brand.logo.is_some().then(|| {
        view! {
            <PostForm to=RemoveLogo::url()>
                <input type="hidden" name="slug" value=slug />
                <button class="button quiet">{text!(l, branding.logo_remove)}</button>
            </PostForm>
        }
    });
    view! {
        <section class="panel">
            <h2>{text!(l, branding.logo)}</h2>
            <form method="post" enctype="multipart/form-data" action=paths::logo_upload(&view.workspace.slug)>
                <Picture label=text!(l, branding.logo_file) hint=text!(l, branding.logo_hint) drawn=true />
                <button class="button quiet">{text!(l, branding.logo_save)}</button>
            </form>
            {current}
        </section>
    }
}

fn preview(l: Locale, brand: Brand, accent: String) -> impl IntoView {
    view! {
        <section class="aside">
            <h2>{text!(l, branding.preview)}</h2>
            <BrandPreview accent=accent login_text=brand.login_text logo=brand.logo.unwrap_or_default()
                title=text!(l, login.to_workspace, workspace = brand.name.clone()) name=brand.name
                button=text!(l, login.submit) link=text!(l, branding.a_link) badge=text!(l, workspace.role_member)
                captions=(text!(l, branding.in_light), text!(l, branding.in_dark)) />
        </section>
    }
}

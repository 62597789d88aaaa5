//! Who the viewer is, for everybody who sees them.

use super::api::{SetDisplayName, load_profile};
use crate::{
    i18n,
    layout::personal,
    paths, text,
    ui::{
        avatar::Avatar,
        form::{Field, FormError, PostForm},
        told::{concerns, failure},
    },
};
use iam_types::{ErrorCode, view::Viewer};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/account`
#[component]
pub fn ProfilePage() -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure::<SetDisplayName>();
    let render = move |viewer: Viewer| {
        let (name, email) = (viewer.display_name, viewer.email);
        let named = !name.is_empty();
        let shown = if named { name.clone() } else { email.clone() };
        let below = named.then(|| view! { <span class="hint" dir="auto">{email.clone()}</span> });
        view! {
            <h1>{text!(l, account.profile)}</h1>
            <section class="panel">
                <div class="who">
                    <Avatar name=shown.clone() />
                    <span><strong dir="auto">{shown}</strong> {below}</span>
                </div>
                <FormError error=error />
                <PostForm to=SetDisplayName::url()>
                    <Field name="name" label=text!(l, account.name) hint=text!(l, account.name_hint) autocomplete="name"
                        value=name optional=true wrong=concerns(error, &[ErrorCode::InvalidName]) />
                    <button class="button">{text!(l, common.save)}</button>
                </PostForm>
                <dl class="facts">
                    <dt>{text!(l, common.email)}</dt>
                    <dd><span dir="auto">{email}</span></dd>
                </dl>
                <p><a href=paths::ADDRESSES>{text!(l, security.addresses)}</a></p>
            </section>
            <section class="part">
                <h2>{text!(l, workspace.danger)}</h2>
                <div class="panel danger-zone">
                    <p>{text!(l, deletion.hint)}</p>
                    <p class="actions"><a class="button danger" href=paths::DELETE_ACCOUNT>{text!(l, deletion.title)}</a></p>
                </div>
            </section>
        }
    };
    personal(text!(l, account.profile), load_profile(), render)
}

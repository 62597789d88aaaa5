//! The viewer's picture, for everybody who sees them.

use super::api::RemovePicture;
use crate::{
    i18n::Locale,
    paths, text,
    ui::{
        form::{FormError, Picture, PostForm, first_of},
        told::{failure, failure_of},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Sends a picture, or takes the one away that is there.
pub fn picture_forms(l: Locale, has_one: bool) -> impl IntoView {
    let error = first_of([failure_of(paths::PICTURE_UPLOAD), failure::<RemovePicture>()]);
    let remove = has_one.then(|| {
        view! {
            <PostForm to=RemovePicture::url()>
                <button class="button quiet">{text!(l, account.picture_remove)}</button>
            </PostForm>
        }
    });
    view! {
        <section class="panel">
            <h2>{text!(l, account.picture)}</h2>
            <FormError error=error />
            <form method="post" enctype="multipart/form-data" action=paths::PICTURE_UPLOAD>
                <Picture label=text!(l, branding.logo_file) hint=text!(l, account.picture_hint) />
                <button class="button quiet">{text!(l, account.picture_save)}</button>
            </form>
            {remove}
        </section>
    }
}

//! At a workspace's own host: whether passkeys work there, which operators decide.

use super::api::SetHostPasskeys;
use crate::{
    i18n::Locale,
    text,
    ui::{
        form::{FormError, PostForm},
        parts::{Badge, Tone},
        told::failure,
    },
};
use iam_types::view::RelatedHostView;
use leptos::{prelude::*, server_fn::ServerFn};

/// The host, and the form that decides it.
pub fn own_host(l: Locale, slug: &str, view: RelatedHostView) -> impl IntoView + use<> {
    let error = failure::<SetHostPasskeys>();
    let (tone, state) = if view.passkeys {
        (Tone::Good, text!(l, platform.passkeys_on))
    } else {
        (Tone::Neutral, text!(l, platform.passkeys_off))
    };
    let (work, label) = if view.passkeys {
        ("false", text!(l, platform.passkeys_stop))
    } else {
        ("true", text!(l, platform.passkeys_allow))
    };
    let (used, most) = (view.used, view.most);
    let possible = view.passkeys || view.has_room;
    let (slug, name) = (slug.to_owned(), view.host.clone());
    let form = (view.may_update && possible).then(|| {
        view! {
            <PostForm to=SetHostPasskeys::url()>
                <input type="hidden" name="slug" value=slug />
                <input type="hidden" name="host" value=view.host.clone() />
                <input type="hidden" name="work" value=work />
                {(!view.passkeys).then(|| view! { <p class="hint">{text!(l, platform.passkeys_trust)}</p> })}
                <button class="button quiet">{label}</button>
            </PostForm>
        }
    });
    view! {
        <section class="panel">
            <div class="heading">
                <h2><bdi>{name}</bdi> " " <Badge text=state tone=tone /></h2>
            </div>
            <p>{text!(l, platform.passkeys_lead)}</p>
            <p class="hint">{text!(l, platform.passkeys_used, used = used, most = most)}</p>
            {(!possible).then(|| view! { <p class="hint">{text!(l, platform.passkeys_full)}</p> })}
            <FormError error=error />
            {form}
        </section>
    }
}

//! Signing in with a passkey, and the offer of one.

use super::passkey_api::{AddPasskey, PutOffPasskey, RedeemPasskey, load_offer};
use crate::{
    i18n,
    layout::{CardLayout, staged},
    paths, text,
    ui::{
        form::{FormError, PostForm, first_of},
        icon::{Glyph, Icon},
        passkey::{Ceremony, PasskeyForm},
        query::asked,
        told::failure,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Signs in with a passkey.
#[component]
pub fn PasskeySignIn(
    /// The workspace, empty for the platform.
    #[prop(into)]
    slug: String,
    /// The app's request, empty without one.
    #[prop(into)]
    request: String,
) -> impl IntoView {
    let l = i18n::use_locale();
    view! {
        <PasskeyForm ceremony=Ceremony::Get begin=paths::BEGIN_PASSKEY_SIGN_IN to=RedeemPasskey::url()>
            <input type="hidden" name="slug" value=slug />
            <input type="hidden" name="request" value=request />
            <button class="button quiet"><Icon glyph=Glyph::Passkey /> {text!(l, passkeys.sign_in)}</button>
        </PasskeyForm>
    }
}

/// `/login/passkey`
#[component]
pub fn PasskeyOfferPage() -> impl IntoView {
    let l = i18n::use_locale();
    let error = first_of([failure::<AddPasskey>(), failure::<PutOffPasskey>()]);
    let render = move |next: String| {
        let [added, put_off] = [next.clone(), next];
        view! {
            <CardLayout title=text!(l, passkeys.offer_title)>
                <h1>{text!(l, passkeys.offer_title)}</h1>
                <p>{text!(l, passkeys.offer_lead)}</p>
                <FormError error=error />
                <PasskeyForm ceremony=Ceremony::Add begin=paths::BEGIN_ADDING_PASSKEY to=AddPasskey::url()>
                    <input type="hidden" name="next" value=added />
                    <button class="button"><Icon glyph=Glyph::Passkey /> {text!(l, passkeys.add)}</button>
                </PasskeyForm>
                <PostForm to=PutOffPasskey::url()>
                    <input type="hidden" name="next" value=put_off />
                    <div class="other-ways">
                        <button class="link" name="never" value="false">{text!(l, passkeys.later)}</button>
                        <button class="link" name="never" value="true">{text!(l, passkeys.never)}</button>
                    </div>
                </PostForm>
            </CardLayout>
        }
    };
    staged(load_offer(asked("next")), render)
}

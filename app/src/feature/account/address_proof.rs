//! Proving an address that is added, and putting one back that was removed.

use super::addresses_api::{
    AddAddress, ConfirmAddress, NewAddress, RestoreAddress, VerifyAddress, load_address_code,
    load_address_link, load_restoring,
};
use crate::{
    i18n,
    islands::{CodeEntry, Resend, SECONDS},
    layout::{CardLayout, personal, staged},
    paths, text,
    ui::{
        form::{Field, FormError, PostForm, first_of},
        query::asked,
        told::{concerns, failure},
    },
};
use iam_types::ErrorCode;
use leptos::{prelude::*, server_fn::ServerFn};

/// Six digits, and the space that some put in the middle when they copy them. The server takes the digits.
const CODE_AS_PASTED: u32 = 7;
/// How many seconds a mail has to come before another can be asked for.
const WAIT: u32 = 30;

/// `/account/addresses/verify`
#[component]
pub fn VerifyAddressPage() -> impl IntoView {
    let token = asked("token");
    if token.is_empty() {
        by_code(asked("challenge")).into_any()
    } else {
        by_link(token).into_any()
    }
}

fn by_code(challenge: String) -> impl IntoView {
    let l = i18n::use_locale();
    let (error, again) = (failure::<VerifyAddress>(), failure::<AddAddress>());
    let view = load_address_code(challenge.clone());
    let wait = text!(l, login.resend_in, seconds = SECONDS);
    let render = move |new: NewAddress| {
        let lead = if new.undelivered {
            text!(l, addresses.undelivered_lead, email = new.address.clone())
        } else {
            text!(l, addresses.verify_code, email = new.address.clone())
        };
        let entry = (!new.undelivered).then(|| {
            view! {
                <PostForm to=VerifyAddress::url()>
                    <input type="hidden" name="challenge" value=challenge />
                    <Field name="code" label=text!(l, login.code) autocomplete="one-time-code" inputmode="numeric" maxlength=CODE_AS_PASTED
                        first=true wrong=concerns(error, &[ErrorCode::CodeWrong]) />
                    <CodeEntry />
                    <button class="button">{text!(l, addresses.verify_submit)}</button>
                </PostForm>
            }
        });
        view! {
            <h1>{text!(l, addresses.verify_title)}</h1>
            <p>{lead}</p>
            <FormError error=first_of([error, again]) />
            {entry}
            <div class="other-ways">
                <form method="post" action=AddAddress::url()>
                    <input type="hidden" name="address" value=new.address />
                    <Resend seconds=WAIT label=text!(l, login.resend) waiting=wait />
                </form>
                <a href=paths::ADDRESSES>{text!(l, addresses.back)}</a>
            </div>
        }
    };
    personal(text!(l, addresses.verify_title), view, render)
}

fn by_link(token: String) -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure::<ConfirmAddress>();
    let view = load_address_link(token.clone());
    let render = move |address: String| {
        view! {
            <h1>{text!(l, addresses.verify_title)}</h1>
            <p>{text!(l, addresses.verify_link, email = address)}</p>
            <FormError error=error />
            <form method="post" action=ConfirmAddress::url()>
                <input type="hidden" name="token" value=token />
                <button class="button">{text!(l, addresses.verify_submit)}</button>
            </form>
            <p><a href=paths::ADDRESSES>{text!(l, addresses.back)}</a></p>
        }
    };
    personal(text!(l, addresses.verify_title), view, render)
}

/// `/account/addresses/restore`
#[component]
pub fn RestoreAddressPage() -> impl IntoView {
    if asked("done").is_empty() {
        asking().into_any()
    } else {
        done().into_any()
    }
}

fn asking() -> impl IntoView {
    let l = i18n::use_locale();
    let [removed, key] = ["removed", "key"].map(asked);
    let error = failure::<RestoreAddress>();
    let view = load_restoring(removed.clone(), key.clone());
    let render = move |address: String| {
        view! {
            <CardLayout title=text!(l, addresses.restore_title)>
                <h1>{text!(l, addresses.restore_title)}</h1>
                <p>{text!(l, addresses.restore_lead, email = address)}</p>
                <FormError error=error />
                <form method="post" action=RestoreAddress::url()>
                    <input type="hidden" name="removed" value=removed />
                    <input type="hidden" name="key" value=key />
                    <button class="button">{text!(l, addresses.restore_submit)}</button>
                </form>
                <p class="hint">{text!(l, addresses.restore_mine)}</p>
            </CardLayout>
        }
    };
    staged(view, render)
}

fn done() -> impl IntoView {
    let l = i18n::use_locale();
    view! {
        <CardLayout title=text!(l, addresses.restored)>
            <h1>{text!(l, addresses.restored)}</h1>
            <p>{text!(l, addresses.restored_lead)}</p>
            <p><a class="button" href=paths::LOGIN>{text!(l, login.title)}</a></p>
        </CardLayout>
    }
}

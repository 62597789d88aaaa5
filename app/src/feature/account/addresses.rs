//! The viewer's addresses.

use super::{
    addresses_api::{AddAddress, MakeAddressPrimary, RemoveAddress, load_addresses},
    sign_in_first,
};
use crate::{
    i18n::{self, Locale},
    layout::personal,
    paths, text,
    ui::{
        form::{Field, FormError, PostForm, first_of},
        icon::{Glyph, Icon},
        parts::{Badge, Tone, moment},
        told::{concerns, failure},
    },
};
use iam_types::{
    ErrorCode,
    view::{AddressView, AddressesView, PendingAddress},
};
use leptos::{either::Either, prelude::*, server_fn::ServerFn};

/// What can be wrong with an address that is to be added.
const WRONG: [ErrorCode; 2] = [ErrorCode::InvalidEmail, ErrorCode::AddressKnown];

/// `/account/addresses`
#[component]
pub fn AddressesPage() -> impl IntoView {
    let l = i18n::use_locale();
    let added = failure::<AddAddress>();
    let error = first_of([added, failure::<MakeAddressPrimary>(), failure::<RemoveAddress>()]);
    let render = move |view: AddressesView| {
        let (recent, now) = (view.recent, view.now);
        let rows: Vec<_> = view
            .addresses
            .into_iter()
            .map(|address| row(l, address, recent, now))
            .collect();
        let pending: Vec<_> = view
            .pending
            .into_iter()
            .map(|address| waiting(l, address))
            .collect();
        let adding = if recent {
            Either::Left(adding(l, added))
        } else {
            Either::Right(sign_in_first(l, text!(l, addresses.again)))
        };
        view! {
            <h1>{text!(l, addresses.title)}</h1>
            <p class="hint">{text!(l, addresses.lead)}</p>
            <FormError error=error />
            <ul class="keys">{rows} {pending}</ul>
            {adding}
        }
    };
    personal(text!(l, addresses.title), load_addresses(), render)
}

fn adding(l: Locale, error: Option<ErrorCode>) -> impl IntoView {
    view! {
        <section class="panel">
            <h2>{text!(l, addresses.another)}</h2>
            <PostForm to=AddAddress::url()>
                <Field name="address" label=text!(l, common.email) hint=text!(l, addresses.new_hint) autocomplete="email" inputmode="email"
                    wrong=concerns(error, &WRONG) />
                <button class="button">{text!(l, addresses.add)}</button>
            </PostForm>
        </section>
    }
}

/// An address, which unfolds into what can be done with it.
fn row(l: Locale, address: AddressView, recent: bool, now: i64) -> impl IntoView {
    let badge = address
        .primary
        .then(|| view! { <Badge text=text!(l, addresses.primary) tone=Tone::Good /> });
    let since = view! { {text!(l, addresses.verified_at)} " " {moment(l, address.verified_at, now)} };
    let face = view! {
        <span class="who">
            <Icon glyph=Glyph::Address />
            <span>
                <strong dir="auto">{address.address.clone()}</strong>
                <span class="hint">{since}</span>
            </span>
        </span>
        {badge}
    };
    if address.primary || !recent {
        return view! { <li class="key">{face}</li> }.into_any();
    }
    let [primary, remove] = [address.address.clone(), address.address];
    view! {
        <li>
            <details>
                <summary>{face} <span class="link">{text!(l, addresses.change)}</span></summary>
                <div class="key-forms">
                    <PostForm to=MakeAddressPrimary::url()>
                        <input type="hidden" name="address" value=primary />
                        <p class="hint">{text!(l, addresses.make_primary_hint)}</p>
                        <button class="button quiet">{text!(l, addresses.make_primary)}</button>
                    </PostForm>
                    <PostForm to=RemoveAddress::url()>
                        <input type="hidden" name="address" value=remove />
                        <p class="hint">{text!(l, addresses.remove_hint)}</p>
                        <button class="button danger">{text!(l, addresses.remove)}</button>
                    </PostForm>
                </div>
            </details>
        </li>
    }
    .into_any()
}

/// An address that waits for its code.
fn waiting(l: Locale, pending: PendingAddress) -> impl IntoView {
    let (word, tone) = if pending.undelivered {
        (text!(l, addresses.undelivered), Tone::Bad)
    } else {
        (text!(l, addresses.unverified), Tone::Warn)
    };
    view! {
        <li class="key">
            <span class="who"><Icon glyph=Glyph::Address /> <strong dir="auto">{pending.address}</strong></span>
            <Badge text=word tone=tone />
            <a href=paths::address_code(pending.challenge)>{text!(l, addresses.enter_code)}</a>
        </li>
    }
}

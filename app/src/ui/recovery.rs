//! Recovery of people who lost their second factors, on the pages of those who begin it.

use super::{
    form::{Checkbox, Disclosure, Field, FormError, PostForm},
    parts::{Notice, Tone},
    told::concerns,
};
use crate::{
    i18n::{self, Locale},
    text,
};
use iam::domain::sign_in::recovery::{BY_OPERATOR, BY_WORKSPACE, OBJECTED};
use iam_types::{
    ErrorCode,
    view::{Recoverable, RecoveryCard, RecoveryView},
};
use leptos::prelude::*;

/// Where the forms of a page go.
pub struct RecoveryForms {
    /// The form that begins one.
    pub begin: &'static str,
    /// The form that takes it back.
    pub withdraw: &'static str,
    /// Whom both are about: names and values of hidden fields.
    pub about: Vec<(&'static str, String)>,
    /// Why beginning one failed, if it did.
    pub begin_error: Option<ErrorCode>,
    /// Why taking it back failed, if it did.
    pub withdraw_error: Option<ErrorCode>,
    /// Whether operators look at the page.
    pub by_operators: bool,
}

impl RecoveryForms {
    fn fields(&self) -> Vec<AnyView> {
        let field = |(name, value): &(&'static str, String)| {
            view! { <input type="hidden" name=*name value=value.clone() /> }.into_any()
        };
        self.about.iter().map(field).collect()
    }
}

/// A moment, exactly: whoever reads it wants to plan for it.
pub fn exact(at: i64) -> String {
    i18n::exact(at, i18n::use_clock())
}

/// What is under way, and what can be done.
pub fn recovery_panel(l: Locale, view: RecoveryView, forms: RecoveryForms) -> impl IntoView {
    let body = match (view.running, view.by) {
        (Some(card), _) => running(l, card, &forms).into_any(),
        (None, Recoverable::Here) => begin(l, &forms).into_any(),
        (None, Recoverable::ByOperators) => {
            view! { <section class="panel"><h2>{text!(l, recovery.title)}</h2><p>{text!(l, recovery.elsewhere)}</p></section> }.into_any()
        }
        (None, Recoverable::NotNeeded) => {
            view! { <section class="panel"><h2>{text!(l, recovery.title)}</h2><p class="hint">{text!(l, recovery.not_needed)}</p></section> }
                .into_any()
        }
    };
    view! { <div id="recovery">{body}</div> }
}

fn running(l: Locale, card: RecoveryCard, forms: &RecoveryForms) -> impl IntoView + use<> {
    let objected = card.objected_at.map(|at| {
        view! { <Notice tone=Tone::Bad><p>{text!(l, recovery.objected, at = exact(at))}</p></Notice> }
    });
    let passkeys = card
        .with_passkeys
        .then(|| view! { <p>{text!(l, recovery.with_passkeys)}</p> });
    let counts = text!(
        l,
        recovery.counts,
        at = exact(card.counts_at),
        until = exact(card.expires_at)
    );
    let place = (!card.by_operator).then(|| {
        view! {
            <dt>{text!(l, recovery.workspace)}</dt>
            <dd dir="auto">{card.place.clone()}</dd>
        }
    });
    let (error, to, fields) = (forms.withdraw_error, forms.withdraw, forms.fields());
    view! {
        <section class="panel">
            <h2>{text!(l, recovery.running)}</h2>
            <FormError error=error />
            {objected}
            <p>{counts}</p>
            {passkeys}
            <dl class="facts">
                {place}
                <dt>{text!(l, recovery.begun_by)}</dt>
                <dd dir="auto">{card.begun_by}</dd>
                <dt>{text!(l, platform.reason)}</dt>
                <dd dir="auto">{card.reason}</dd>
            </dl>
            <PostForm to=to>
                {fields}
                <button class="button">{text!(l, recovery.withdraw)}</button>
            </PostForm>
        </section>
    }
}

fn begin(l: Locale, forms: &RecoveryForms) -> impl IntoView + use<> {
    let lead = if forms.by_operators {
        let (hours, days) = (BY_OPERATOR.num_hours(), OBJECTED.num_days());
        text!(l, recovery.lead_operator, hours = hours, days = days)
    } else {
        text!(l, recovery.lead, days = BY_WORKSPACE.num_days())
    };
    let error = forms.begin_error;
    let fields = forms.fields();
    let to = forms.begin;
    view! {
        <Disclosure title=text!(l, recovery.title) error=error>
            <PostForm to=to>
                {fields}
                <p>{lead}</p>
                <Field name="reason" id="recovery-reason" label=text!(l, platform.reason) hint=text!(l, recovery.reason_hint)
                    wrong=concerns(error, &[ErrorCode::InvalidText]) />
                <Checkbox name="passkeys" value="true" label=text!(l, recovery.passkeys) ticked=false />
                <button class="button danger">{text!(l, recovery.begin)}</button>
            </PostForm>
        </Disclosure>
    }
}

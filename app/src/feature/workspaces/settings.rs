//! Settings of a workspace, and what cannot be undone lightly.

use super::{
    api::{
        EndWorkspace, OfferOwnership, SetModels, UpdateSignInPolicy, UpdateWorkspace, WithdrawOwnershipOffer,
        load_settings,
    },
    support::support,
};
use crate::{
    i18n,
    layout::{AppLayout, loaded},
    paths, text,
    ui::{
        form::{Choice, Disclosure, Field, FormError, PostForm, first_of},
        models::ModelsFields,
        parts::Notice,
        query::param,
        sign_in_policy::SignInPolicyFields,
        told::{concerns, failure},
    },
};
use iam_types::{
    ErrorCode, Permission,
    view::{SignInPolicyView, WorkspaceSettingsView},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/w/{slug}/admin/settings`
#[component]
pub fn SettingsPage() -> impl IntoView {
    let slug = param("slug");
    let view = load_settings(slug);
    loaded(view, settings)
}

fn settings(view: WorkspaceSettingsView) -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure::<UpdateWorkspace>();
    let title = text!(l, workspace.settings_title);
    let slug = view.workspace.slug.to_string();
    let may = view.workspace.may;
    let export = may.contains(Permission::WorkspaceExport).then(|| {
        let href = paths::export(&view.workspace.slug);
        view! {
            <section class="panel">
                <h2>{text!(l, workspace.export)}</h2>
                <p>{text!(l, workspace.export_hint)}</p>
                <form method="post" action=href>
                    <button class="button quiet">{text!(l, workspace.export_button)}</button>
                </form>
            </section>
        }
    });
    let sign_in = sign_in(
        l,
        slug.clone(),
        view.sign_in,
        view.platform_sign_in,
        view.may_update,
    );
    let models = view.models.map(|models| {
        let (error, slug) = (failure::<SetModels>(), slug.clone());
        view! {
            <FormError error=error />
            <PostForm to=SetModels::url()>
                <input type="hidden" name="slug" value=slug />
                <ModelsFields view=models hint=text!(l, models.here) disabled=!view.may_update error=error />
            </PostForm>
        }
    });
    let may_let_in = may.contains(Permission::SupportGrant);
    let support = support(l, slug.clone(), view.support, view.now, may_let_in);
    let transfer = may
        .contains(Permission::WorkspaceTransfer)
        .then(|| transfer(l, slug.clone(), view.offered_to));
    let end = may
        .contains(Permission::WorkspaceDelete)
        .then(|| end(l, slug.clone()));
    view! {
        <AppLayout title=title.clone() workspace=view.workspace.clone()>
            <h1>{title}</h1>
            <FormError error=error />
            <PostForm to=UpdateWorkspace::url()>
                <input type="hidden" name="slug" value=slug />
                <fieldset class="panel" disabled=!view.may_update>
                    <h2>{text!(l, shell.general)}</h2>
                    <Field name="name" label=text!(l, common.name) value=view.workspace.name wrong=concerns(error, &[ErrorCode::InvalidName]) />
                    <hr />
                    <fieldset>
                        <legend>{text!(l, workspace.admission)}</legend>
                        <Choice name="admission" value="members" label=text!(l, workspace.admission_members) chosen=view.admission == "members" />
                        <Choice name="admission" value="requests" label=text!(l, workspace.admission_requests) chosen=view.admission == "requests" />
                        <Choice name="admission" value="open" label=text!(l, workspace.admission_open) chosen=view.admission == "open" />
                    </fieldset>
                    <button class="button">{text!(l, common.save)}</button>
                </fieldset>
            </PostForm>
            {sign_in}
            {models}
            {support}
            {export}
            {transfer}
            {end.map(|end| view! { <section class="part"><h2>{text!(l, workspace.danger)}</h2>{end}</section> })}
        </AppLayout>
    }
}

fn sign_in(
    l: i18n::Locale,
    slug: String,
    asks: SignInPolicyView,
    platform_asks: SignInPolicyView,
    may_update: bool,
) -> impl IntoView {
    let error = failure::<UpdateSignInPolicy>();
    let platform = (platform_asks.two_factors && !asks.two_factors)
        .then(|| view! { <Notice><p>{text!(l, workspace.sign_in_platform)}</p></Notice> });
    view! {
        <FormError error=error />
        {platform}
        <PostForm to=UpdateSignInPolicy::url()>
            <input type="hidden" name="slug" value=slug />
            <SignInPolicyFields asks=asks hint=text!(l, workspace.fresh_hint) disabled=!may_update />
        </PostForm>
    }
}

fn transfer(l: i18n::Locale, slug: String, offered_to: Option<String>) -> impl IntoView {
    let error = first_of([failure::<OfferOwnership>(), failure::<WithdrawOwnershipOffer>()]);
    let form = match offered_to {
        Some(email) => view! {
            <Notice><p>{text!(l, workspace.transfer_waits, email = email)}</p></Notice>
            <PostForm to=WithdrawOwnershipOffer::url()>
                <input type="hidden" name="slug" value=slug />
                <button class="button quiet">{text!(l, workspace.transfer_withdraw)}</button>
            </PostForm>
        }
        .into_any(),
        None => view! {
            <p>{text!(l, workspace.transfer_hint)}</p>
            <PostForm to=OfferOwnership::url()>
                <input type="hidden" name="slug" value=slug />
                <Field name="address" inputmode="email" label=text!(l, workspace.transfer_to)
                    wrong=concerns(error, &[ErrorCode::InvalidEmail, ErrorCode::NoSuchMember, ErrorCode::InvalidInput]) />
                <button class="button quiet">{text!(l, workspace.transfer_button)}</button>
            </PostForm>
        }
        .into_any(),
    };
    view! {
        <section class="panel">
            <h2>{text!(l, workspace.transfer)}</h2>
            <FormError error=error />
            {form}
        </section>
    }
}

fn end(l: i18n::Locale, slug: String) -> impl IntoView {
    let error = failure::<EndWorkspace>();
    let label = text!(l, workspace.end_confirm, slug = slug.clone());
    view! {
        <Disclosure title=text!(l, workspace.end) error=error>
            <PostForm to=EndWorkspace::url()>
                <input type="hidden" name="slug" value=slug />
                <p>{text!(l, workspace.end_hint)}</p>
                <Field name="confirmation" label=label wrong=concerns(error, &[ErrorCode::ConfirmationWrong]) />
                <button class="button danger">{text!(l, workspace.end)}</button>
            </PostForm>
        </Disclosure>
    }
}

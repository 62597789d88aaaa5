//! Settings of a workspace, and what cannot be undone lightly.

use super::{
    api::{
        CloseSupport, EndWorkspace, OfferOwnership, OpenSupport, UpdateWorkspace, WithdrawOwnershipOffer,
        load_settings,
    },
    support::support,
};
use crate::{
    i18n, paths, text,
    ui::{
        form::{Choice, Field, Folded, FormError, FreshSelect, Saved, any_failure, concerns, failure, fresh},
        layout::Frame,
        load::{loaded, page_data, param},
        post::{Post, PostForm},
    },
};
use iam_types::{ErrorCode, Permission, view::WorkspaceSettingsView};
use leptos::prelude::*;

#[derive(Clone, Copy)]
struct Actions {
    update: Post<UpdateWorkspace>,
    offer: Post<OfferOwnership>,
    withdraw: Post<WithdrawOwnershipOffer>,
    end: Post<EndWorkspace>,
    open: Post<OpenSupport>,
    close: Post<CloseSupport>,
}

/// `/w/{slug}/admin/settings`
#[component]
pub fn SettingsPage() -> impl IntoView {
    let slug = param("slug");
    let actions = Actions {
        update: Post::new(),
        offer: Post::new(),
        withdraw: Post::new(),
        end: Post::new(),
        open: Post::new(),
        close: Post::new(),
    };
    let versions = move || {
        (
            actions.update.version().get(),
            actions.offer.version().get(),
            actions.withdraw.version().get(),
            actions.open.version().get(),
            actions.close.version().get(),
        )
    };
    let view = page_data(
        move || (slug.clone(), versions()),
        |(slug, _)| load_settings(slug),
    );
    loaded(view, move |view: WorkspaceSettingsView| settings(view, actions))
}

fn settings(view: WorkspaceSettingsView, actions: Actions) -> impl IntoView {
    let l = i18n::use_locale();
    let error = failure(actions.update.value());
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
    let may_let_in = may.contains(Permission::SupportGrant);
    let support = support(
        l,
        slug.clone(),
        view.support,
        view.now,
        may_let_in,
        actions.open,
        actions.close,
    );
    let transfer = may
        .contains(Permission::WorkspaceTransfer)
        .then(|| transfer(l, slug.clone(), view.offered_to, actions));
    let end = may
        .contains(Permission::WorkspaceDelete)
        .then(|| end(l, slug.clone(), actions.end));
    view! {
        <Frame title=title.clone() workspace=view.workspace.clone()>
            <h1>{title}</h1>
            <Saved />
            <FormError error=error />
            <PostForm action=actions.update>
                <input type="hidden" name="slug" value=slug />
                <fieldset disabled=!view.may_update>
                    <Field name="name" label=text!(l, common.name) value=view.workspace.name wrong=concerns(error, &[ErrorCode::InvalidName]) />
                    <fieldset>
                        <legend>{text!(l, workspace.admission)}</legend>
                        <Choice name="admission" value="members" label=text!(l, workspace.admission_members) chosen=view.admission == "members" />
                        <Choice name="admission" value="requests" label=text!(l, workspace.admission_requests) chosen=view.admission == "requests" />
                        <Choice name="admission" value="open" label=text!(l, workspace.admission_open) chosen=view.admission == "open" />
                    </fieldset>
                    <FreshSelect name="sign_in_max_age" label=text!(l, workspace.fresh) hint=text!(l, workspace.fresh_hint) chosen=view.sign_in_max_age />
                    <button class="button" disabled=move || actions.update.pending().get()>{text!(l, common.save)}</button>
                </fieldset>
            </PostForm>
            {support}
            {export}
            {transfer}
            {end}
        </Frame>
    }
}

fn transfer(l: i18n::Locale, slug: String, offered_to: Option<String>, actions: Actions) -> impl IntoView {
    let error = any_failure([failure(actions.offer.value()), failure(actions.withdraw.value())]);
    let address = move || {
        view! {
            <Field name="address" inputmode="email" label=text!(l, workspace.transfer_to)
                wrong=concerns(error, &[ErrorCode::InvalidEmail, ErrorCode::NoSuchMember, ErrorCode::InvalidInput]) />
        }
    };
    let form = match offered_to {
        Some(email) => view! {
            <p>{text!(l, workspace.transfer_waits, email = email)}</p>
            <PostForm action=actions.withdraw>
                <input type="hidden" name="slug" value=slug />
                <button class="button quiet">{text!(l, workspace.transfer_withdraw)}</button>
            </PostForm>
        }
        .into_any(),
        None => view! {
            <p>{text!(l, workspace.transfer_hint)}</p>
            <PostForm action=actions.offer>
                <input type="hidden" name="slug" value=slug />
                {fresh(actions.offer.value(), address)}
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

fn end(l: i18n::Locale, slug: String, action: Post<EndWorkspace>) -> impl IntoView {
    let error = failure(action.value());
    let label = text!(l, workspace.end_confirm, slug = slug.clone());
    view! {
        <Folded title=text!(l, workspace.end) error=error>
            <PostForm action=action>
                <input type="hidden" name="slug" value=slug />
                <p>{text!(l, workspace.end_hint)}</p>
                <Field name="confirmation" label=label wrong=concerns(error, &[ErrorCode::ConfirmationWrong]) />
                <button class="button danger">{text!(l, workspace.end)}</button>
            </PostForm>
        </Folded>
    }
}

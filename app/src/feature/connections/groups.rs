//! The groups that a workspace's provider gives.

use super::api::MapConnectionGroups;
use crate::{
    i18n::{self, Locale},
    text,
    ui::{
        form::{About, Field, FormError, PostForm},
        told::{concerns, failure, typed_all},
    },
};
use iam_types::{
    ErrorCode,
    view::{ConnectionView, GroupCard, GroupLine, GroupMappingView},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// How many empty lines wait for more.
const MORE: usize = 3;

/// The form that says which values of a claim give which groups.
pub fn mapping(l: Locale, view: &ConnectionView) -> Option<impl IntoView + use<>> {
    let mapped = view.groups.clone()?;
    let about = view! { <About slug=view.workspace.slug.to_string() id=view.connection.id.to_string() /> };
    let error = failure::<MapConnectionGroups>();
    let wrong = concerns(error, &[ErrorCode::InvalidClaim]);
    let GroupMappingView {
        claim,
        lines,
        choices,
    } = mapped;
    Some(view! {
        <section class="panel" id="groups">
            <h2>{text!(l, connections.groups)}</h2>
            <p class="hint">{text!(l, connections.groups_hint)}</p>
            <FormError error=error />
            <PostForm to=MapConnectionGroups::url()>
                {about}
                <Field name="claim" label=text!(l, connections.groups_claim) hint=text!(l, connections.groups_claim_hint) value=claim
                    optional=true wrong=wrong />
                <Rows lines=lines choices=choices />
                <button class="button">{text!(l, common.save)}</button>
            </PostForm>
        </section>
    })
}

/// What is mapped, or was typed, with empty lines for more.
#[component]
fn Rows(lines: Vec<GroupLine>, choices: Vec<GroupCard>) -> impl IntoView {
    let l = i18n::use_locale();
    let typed = typed_all("values[]").zip(typed_all("groups[]"));
    let mut lines: Vec<_> = match typed {
        Some((values, groups)) => values.into_iter().zip(groups).collect(),
        None => lines
            .into_iter()
            .map(|line| (line.value, line.group.to_string()))
            .collect(),
    };
    lines.retain(|(value, group)| !value.is_empty() || !group.is_empty());
    lines.resize(lines.len() + MORE, (String::new(), String::new()));
    let rows: Vec<_> = lines.into_iter().map(|line| row(l, line, &choices)).collect();
    view! {
        <div class="table-box">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{text!(l, apps.claim_value)}</th>
                        <th scope="col">{text!(l, connections.group)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(l: Locale, (value, chosen): (String, String), choices: &[GroupCard]) -> impl IntoView + use<> {
    let options: Vec<_> = choices
        .iter()
        .map(|group| {
            let id = group.id.to_string();
            let selected = id == chosen;
            view! { <option value=id selected=selected>{group.name.clone()}</option> }
        })
        .collect();
    view! {
        <tr>
            <td><input name="values[]" value=value maxlength="200" aria-label=text!(l, apps.claim_value) dir="auto" /></td>
            <td>
                <select name="groups[]" aria-label=text!(l, connections.group)>
                    <option value="">{text!(l, connections.no_group)}</option>
                    {options}
                </select>
            </td>
        </tr>
    }
}

//! Ticking the roles that somebody, or a group, should have.

use crate::{i18n, text, ui::form::Checkbox};
use iam_types::view::RoleChoice;
use leptos::prelude::*;

/// A box for each role, those of apps under the app's name. What the viewer may not change stays as it is.
#[component]
pub fn RoleChoices(
    /// The roles.
    roles: Vec<RoleChoice>,
) -> impl IntoView {
    let l = i18n::use_locale();
    let mut blocks: Vec<(Option<String>, Vec<RoleChoice>)> = Vec::new();
    for role in roles {
        match blocks.last_mut() {
            Some((app, block)) if *app == role.app => block.push(role),
            _ => blocks.push((role.app.clone(), vec![role])),
        }
    }
    let blocks = blocks.into_iter().map(|(app, block)| {
        let legend = match app {
            Some(app) => text!(l, roles.of_app, app = app),
            None => text!(l, roles.of_workspace),
        };
        view! {
            <fieldset class="ticks">
                <legend>{legend}</legend>
                {block.into_iter().map(choice).collect_view()}
            </fieldset>
        }
    });
    blocks.collect_view()
}

fn choice(role: RoleChoice) -> impl IntoView {
    let id = role.id.to_string();
    // A box that is switched off is not sent along.
    let kept = (role.held && !role.givable)
        .then(|| view! { <input type="hidden" name="roles[]" value=id.clone() /> });
    view! {
        {kept}
        <Checkbox name="roles[]" value=id label=role.name ticked=role.held disabled=!role.givable />
    }
}

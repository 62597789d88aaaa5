//! A way to any page by typing: Ctrl+K or ⌘K. Comfort for those with scripts; every entry is a link elsewhere too.

use crate::{feature::workspace::load_workspaces, i18n, paths, text};
use iam_types::{
    Permission, Slug,
    view::{WorkspaceCard, WorkspacesView},
};
use leptos::{ev, html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// An entry: where it leads and what it says.
type Entry = (String, String);

/// The most entries that are shown.
const MOST: usize = 12;

/// The button and the dialog it opens.
#[component]
pub fn Palette(
    /// Pages of the workspace at hand, by what the viewer may see there.
    pages: Vec<Entry>,
    /// The workspace whose members can be searched.
    people_of: Option<Slug>,
) -> impl IntoView {
    let l = i18n::use_locale();
    let dialog = NodeRef::<html::Dialog>::new();
    let (hydrated, set_hydrated) = signal(false);
    let (typed, set_typed) = signal(String::new());
    let (at, set_at) = signal(0_usize);
    let elsewhere = Action::new(|(): &()| load_workspaces());
    let open = move || {
        if let Some(dialog) = dialog.get_untracked() {
            if elsewhere.value().get_untracked().is_none() {
                elsewhere.dispatch(());
            }
            let _already_open = dialog.show_modal();
        }
    };
    Effect::new(move |_| {
        set_hydrated.set(true);
        let handle = window_event_listener(ev::keydown, move |event| {
            if (event.ctrl_key() || event.meta_key()) && event.key() == "k" {
                event.prevent_default();
                open();
            }
        });
        on_cleanup(move || handle.remove());
    });
    let entries = Memo::new(move |_| {
        let words = typed.get().trim().to_lowercase();
        let others = elsewhere.value().get().and_then(Result::ok);
        let others = others.and_then(|json| json.read::<WorkspacesView>().ok());
        let others = others.map(|view| view.workspaces).unwrap_or_default();
        let mut found: Vec<Entry> = pages
            .iter()
            .cloned()
            .chain(others.into_iter().filter(enterable).map(workspace_entry))
            .filter(|(_, label)| label.to_lowercase().contains(&words))
            .take(MOST)
            .collect();
        if let Some(slug) = people_of.as_ref().filter(|_| !words.is_empty()) {
            let href = paths::members_page(slug, [&words, "", "", ""]);
            found.push((href, text!(l, palette.search_members, search = words)));
        }
        found
    });
    let navigate = use_navigate();
    let go = Callback::new(move |place: usize| {
        let chosen = entries.with_untracked(|entries| entries.get(place).cloned());
        if let (Some((href, _)), Some(dialog)) = (chosen, dialog.get_untracked()) {
            dialog.close();
            navigate(&href, NavigateOptions::default());
        }
    });
    let move_by_key = move |event: ev::KeyboardEvent| {
        let last = entries.with_untracked(Vec::len).saturating_sub(1);
        let next = match event.key().as_str() {
            "ArrowDown" => (at.get_untracked() + 1).min(last),
            "ArrowUp" => at.get_untracked().saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        set_at.set(next);
    };
    let rows = move || {
        let rows = entries.get().into_iter().enumerate();
        rows.map(|(place, (_, label))| {
            let chosen = move || if at.get() == place { "true" } else { "false" };
            let id = format!("palette-{place}");
            view! {
                <li id=id role="option" aria-selected=chosen on:click=move |_| go.run(place)>{label}</li>
            }
        })
        .collect_view()
    };
    view! {
        <button type="button" class="link" hidden=move || !hydrated.get() aria-keyshortcuts="Control+K Meta+K" on:click=move |_| open()>
            {text!(l, palette.open)} " " <kbd>"Ctrl K"</kbd>
        </button>
        <dialog class="palette" node_ref=dialog aria-label=text!(l, palette.open)>
            <form on:submit=move |event| {
                event.prevent_default();
                go.run(at.get_untracked());
            }>
                <input type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" autocomplete="off"
                    aria-activedescendant=move || format!("palette-{}", at.get()) aria-label=text!(l, palette.open)
                    placeholder=text!(l, palette.hint) prop:value=typed on:keydown=move_by_key
                    on:input=move |event| {
                        set_typed.set(event_target_value(&event));
                        set_at.set(0);
                    } />
            </form>
            <ul id="palette-list" role="listbox" aria-label=text!(l, palette.open)>{rows}</ul>
        </dialog>
    }
}

fn enterable(card: &WorkspaceCard) -> bool {
    card.suspended.is_none() && card.delete_after.is_none()
}

fn workspace_entry(card: WorkspaceCard) -> Entry {
    if card.slug == Slug::platform() {
        (paths::PLATFORM.to_owned(), card.name)
    } else {
        (paths::overview(&card.slug), card.name)
    }
}

/// The pages of a workspace that its viewer may see: what each needs, where it is, what it is called.
pub fn workspace_pages(l: i18n::Locale, card: &WorkspaceCard) -> Vec<Entry> {
    let slug = &card.slug;
    [
        (Permission::AppRead, paths::apps(slug), text!(l, common.apps)),
        (
            Permission::MemberRead,
            paths::members(slug),
            text!(l, members.title),
        ),
        (Permission::RoleRead, paths::groups(slug), text!(l, groups.title)),
        (Permission::RoleRead, paths::roles(slug), text!(l, roles.title)),
        (
            Permission::WorkspaceRead,
            paths::domains(slug),
            text!(l, domains.title),
        ),
        (
            Permission::WorkspaceRead,
            paths::branding(slug),
            text!(l, branding.title),
        ),
        (
            Permission::WorkspaceRead,
            paths::settings(slug),
            text!(l, common.settings),
        ),
    ]
    .into_iter()
    .filter(|(needed, ..)| card.may.contains(*needed))
    .map(|(_, href, label)| (href, label))
    .collect()
}

//! A way to any page by typing: Ctrl+K or ⌘K. Comfort for those with scripts; every entry is a link elsewhere too.

use leptos::{ev, html, prelude::*, task::spawn_local, wasm_bindgen::JsCast};
use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::JsFuture;

/// The most entries that are shown.
const MOST: usize = 12;

/// Stands for what is typed.
pub const TYPED: &str = "{typed}";

/// Where an entry leads, and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its address.
    pub href: String,
    /// Its name.
    pub label: String,
}

/// What the palette says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaletteWords {
    /// On the button that opens it, and its name.
    pub open: String,
    /// In its field while that is empty.
    pub hint: String,
    /// On the entry that searches members, with [`TYPED`] where what is typed is to stand.
    pub members: String,
}

/// The id of the button that opens the dialog. It stands elsewhere, since what is around it may be hidden while the dialog is
/// open.
pub const OPENER: &str = "palette-open";

/// The dialog.
#[island]
pub fn Palette(
    /// Pages at hand.
    pages: Vec<Entry>,
    /// Answers with more entries, as JSON, to a POST.
    more_at: String,
    /// The page that searches members; empty where there is none.
    members_at: String,
    /// What it says.
    words: PaletteWords,
) -> impl IntoView {
    let PaletteWords {
        open: name,
        hint,
        members,
    } = words;
    let dialog = NodeRef::<html::Dialog>::new();
    let typed = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let more = RwSignal::new(None::<Vec<Entry>>);
    let open = move || {
        if more.with_untracked(Option::is_none) {
            more.set(Some(Vec::new()));
            let more_at = more_at.clone();
            spawn_local(async move { more.set(fetch(&more_at).await) });
        }
        typed.set(String::new());
        at.set(0);
        if let Some(dialog) = dialog.get_untracked() {
            let _already_open = dialog.show_modal();
        }
    };
    let by_key = open;
    Effect::new(move |_| {
        let by_click = by_key.clone();
        let clicks = window_event_listener(ev::click, move |event| {
            let opener = event_target::<web_sys::Element>(&event).closest(&format!("#{OPENER}"));
            if opener.is_ok_and(|found| found.is_some()) {
                by_click();
            }
        });
        let open = by_key.clone();
        let handle = window_event_listener(ev::keydown, move |event| {
            if (event.ctrl_key() || event.meta_key()) && event.key() == "k" {
                event.prevent_default();
                open();
            }
        });
        on_cleanup(move || {
            handle.remove();
            clicks.remove();
        });
    });
    let entries = Memo::new(move |_| {
        let wanted = folded(typed.get().trim());
        let mut found: Vec<Entry> = pages
            .iter()
            .cloned()
            .chain(more.get().unwrap_or_default())
            .filter(|entry| folded(&entry.label).contains(&wanted))
            .take(MOST)
            .collect();
        if !members_at.is_empty() && !wanted.is_empty() {
            found.extend(search(&members_at, &wanted).map(|href| Entry {
                href,
                label: members.replace(TYPED, &wanted),
            }));
        }
        found
    });
    let go = move |place: usize| {
        if let Some(entry) = entries.with_untracked(|entries| entries.get(place).cloned()) {
            let _left = window().location().set_href(&entry.href);
        }
    };
    let move_by_key = move |event: ev::KeyboardEvent| {
        let last = entries.with_untracked(Vec::len).saturating_sub(1);
        let next = match event.key().as_str() {
            "ArrowDown" => (at.get_untracked() + 1).min(last),
            "ArrowUp" => at.get_untracked().saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        at.set(next);
    };
    let rows = move || {
        let rows = entries.get().into_iter().enumerate();
        rows.map(|(place, entry)| {
            let chosen = move || if at.get() == place { "true" } else { "false" };
            view! {
                <li id=format!("palette-{place}") role="option" aria-selected=chosen on:click=move |_| go(place)>{entry.label}</li>
            }
        })
        .collect_view()
    };
    let [label, field, list] = [(); 3].map(|()| name.clone());
    view! {
        <dialog class="palette" closedby="any" node_ref=dialog aria-label=label>
            <form on:submit=move |event| {
                event.prevent_default();
                go(at.get_untracked());
            }>
                <input type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" autocomplete="off"
                    aria-activedescendant=move || format!("palette-{}", at.get()) aria-label=field
                    placeholder=hint prop:value=typed on:keydown=move_by_key
                    on:input=move |event| {
                        typed.set(event_target_value(&event));
                        at.set(0);
                    } />
            </form>
            <ul id="palette-list" role="listbox" aria-label=list>{rows}</ul>
        </dialog>
    }
}

/// In small letters, by the browser's tables: Rust's own would have to be downloaded.
#[cfg(not(feature = "ssr"))]
fn folded(text: &str) -> String {
    web_sys::js_sys::JsString::from(text).to_lower_case().into()
}

#[cfg(feature = "ssr")]
fn folded(text: &str) -> String {
    text.to_lowercase()
}

fn search(page: &str, wanted: &str) -> Option<String> {
    let query = web_sys::UrlSearchParams::new().ok()?;
    query.append("q", wanted);
    Some(format!("{page}?{}", String::from(query.to_string())))
}

/// The entries that `address` answers with; nothing if it does not, so that it is asked again.
async fn fetch(address: &str) -> Option<Vec<Entry>> {
    let headers = web_sys::Headers::new().ok()?;
    headers.set("accept", "application/json").ok()?;
    headers
        .set("content-type", "application/x-www-form-urlencoded")
        .ok()?;
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_headers_headers(&headers);
    let answer = JsFuture::from(window().fetch_with_str_and_init(address, &init));
    let answer: web_sys::Response = answer.await.ok()?.dyn_into().ok()?;
    let text = JsFuture::from(answer.text().ok()?).await.ok()?;
    serde_json::from_str(&text.as_string()?).ok()
}

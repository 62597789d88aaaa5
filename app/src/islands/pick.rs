//! Comfort for picking rows of a list. Without scripts the boxes and the button do as they always do.

use leptos::{
    html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Event, HtmlInputElement},
};

/// Stands for how many are picked.
const COUNT: &str = "{count}";

/// The button that takes picked rows on, with how many they are, and a box that picks all. It counts the boxes called `id`.
#[island]
pub fn PickButton(
    /// What the button says.
    label: String,
    /// What it says when rows are picked, with [`COUNT`].
    counted: String,
    /// What the box that picks all is called.
    all: String,
) -> impl IntoView {
    let all_box = NodeRef::<html::Input>::new();
    // None of them, until scripts have counted.
    let picked = RwSignal::new(0);
    let awake = RwSignal::new(false);
    let count = move |event: Option<Event>| {
        let Some(all) = all_box.get_untracked() else {
            return;
        };
        let rows = rows();
        let by_all = event.and_then(|event| event.target()).as_ref() == Some(all.as_ref());
        if by_all {
            rows.iter().for_each(|row| row.set_checked(all.checked()));
        }
        let ticked = rows.iter().filter(|row| row.checked()).count();
        all.set_checked(ticked == rows.len());
        picked.set(ticked);
    };
    // It lives as long as the page, which has its ticks again when it is gone back to.
    Effect::new(move |_| {
        awake.set(true);
        count(None);
        for what in ["change", "pageshow"] {
            window_event_listener_untyped(what, move |event| count(Some(event)));
        }
    });
    let words = move || match picked.get() {
        0 => label.clone(),
        picked => counted.replace(COUNT, &picked.to_string()),
    };
    view! {
        <label class="pick-all scripted">
            <input node_ref=all_box type="checkbox" autocomplete="off" disabled=move || !awake.get() />
            <span>{all}</span>
        </label>
        <button class="button">{words}</button>
    }
}

/// The boxes of the rows.
fn rows() -> Vec<HtmlInputElement> {
    let found = document().get_elements_by_tag_name("input");
    (0..found.length())
        .filter_map(|place| found.item(place)?.dyn_into::<HtmlInputElement>().ok())
        .filter(|field| field.name() == "id")
        .collect()
}

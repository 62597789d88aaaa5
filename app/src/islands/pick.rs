//! Comfort for picking rows of a list. Without scripts the boxes and the button do as they always do.

use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast, web_sys::HtmlInputElement};

/// Stands for how many are picked.
pub const COUNT: &str = "{count}";

/// The button that takes picked rows on, with how many they are, and a box that picks all. It counts the boxes called `id` of
/// the form it is in.
#[island]
pub fn PickButton(
    /// What the button says.
    label: String,
    /// What it says when rows are picked, with [`COUNT`].
    counted: String,
    /// What the box that picks all is called.
    all: String,
) -> impl IntoView {
    let box_of_all = NodeRef::<html::Input>::new();
    let (picked, rows) = (RwSignal::new(0), RwSignal::new(0));
    let count = move || {
        let boxes = boxes(box_of_all);
        let ticked = boxes.iter().filter(|row| row.checked()).count();
        if let Some(all) = box_of_all.get_untracked() {
            all.set_checked(ticked > 0 && ticked == boxes.len());
            all.set_indeterminate(ticked > 0 && ticked < boxes.len());
        }
        picked.set(ticked);
        rows.set(boxes.len());
    };
    Effect::new(move |_| {
        count();
        // A page that is gone back to has its ticks again.
        let shown = window_event_listener(ev::pageshow, move |_| count());
        let changed = window_event_listener(ev::change, move |_| count());
        on_cleanup(move || {
            shown.remove();
            changed.remove();
        });
    });
    let pick_all = move |_| {
        let ticked = box_of_all.get_untracked().is_some_and(|all| all.checked());
        for row in boxes(box_of_all) {
            row.set_checked(ticked);
        }
    };
    let words = move || match picked.get() {
        0 => label.clone(),
        picked => counted.replace(COUNT, &picked.to_string()),
    };
    view! {
        <label class="pick-all" hidden=move || rows.get() == 0>
            <input node_ref=box_of_all type="checkbox" autocomplete="off" on:input=pick_all />
            <span>{all}</span>
        </label>
        <button class="button" disabled=move || { rows.get() > 0 && picked.get() == 0 }>{words}</button>
    }
}

/// The boxes of the rows.
fn boxes(near: NodeRef<html::Input>) -> Vec<HtmlInputElement> {
    let form = near.get_untracked().and_then(|input| input.form());
    let Some(form) = form else {
        return Vec::new();
    };
    let found = (0..form.length().unsigned_abs()).filter_map(|place| form.get_with_index(place));
    found
        .filter_map(|field| field.dyn_into::<HtmlInputElement>().ok())
        .filter(|field| field.name() == "id")
        .collect()
}

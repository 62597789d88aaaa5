//! The face of a person or a workspace: their picture, else the first letters of their name.

use leptos::prelude::*;

/// A picture, or two letters on a colour that a name always gets again.
#[component]
pub fn Avatar(
    /// Whose.
    #[prop(into)]
    name: String,
    /// Whether it stands for a thing, not a person.
    #[prop(optional)]
    square: bool,
    /// Where a picture is.
    #[prop(optional_no_strip)]
    picture: Option<String>,
) -> impl IntoView {
    match picture {
        Some(address) => {
            view! { <img class="avatar" class:square=square src=address alt="" loading="lazy" decoding="async" width="36" height="36" /> }
                .into_any()
        }
        None => {
            let class = format!("avatar avatar-{}", shade(&name));
            view! { <span class=class class:square=square aria-hidden="true">{initials(&name)}</span> }.into_any()
        }
    }
}

/// The first letters of the first and the last word, or of the part before `@`.
fn initials(name: &str) -> String {
    let name = name.split('@').next().unwrap_or_default();
    let mut words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter_map(|word| word.chars().next());
    let first = words.next();
    let letters = first.into_iter().chain(words.next_back());
    letters.flat_map(char::to_uppercase).collect()
}

/// One of six colours.
fn shade(name: &str) -> u32 {
    name.chars()
        .fold(0_u32, |sum, c| sum.wrapping_mul(31).wrapping_add(u32::from(c)))
        % 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        for (name, expected) in [
            ("Ada Lovelace", "AL"),
            ("ada.lovelace@example.com", "AL"),
            ("owner@acme.example", "O"),
            ("Harbour Clinic of the North", "HN"),
            ("", ""),
            ("@", ""),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}

//! What members are called.

use crate::{i18n, text, ui::avatar::Avatar, ui::parts::Badge};
use iam_types::view::MemberCard;
use leptos::prelude::*;

/// What people call a member: name and address where there is a name.
pub fn member_name(member: &MemberCard) -> String {
    if member.display_name.is_empty() {
        member.email.clone()
    } else {
        format!("{} ({})", member.display_name, member.email)
    }
}

/// A member in a table: face, name, address.
#[component]
pub fn Face(
    /// Who.
    member: MemberCard,
    /// Their page, where the name leads there.
    #[prop(into, optional)]
    href: Option<String>,
) -> impl IntoView {
    let l = i18n::use_locale();
    let own = member
        .own
        .then(|| view! { " " <Badge text=text!(l, members.you) /> }.into_any());
    face((member.display_name, member.picture), member.email, href, own)
}

/// Somebody in a table, be they a member or not: face, name, address, and what else stands behind the name.
pub fn face(
    (display_name, picture): (String, Option<String>),
    email: String,
    href: Option<String>,
    mark: Option<AnyView>,
) -> impl IntoView {
    let (name, email) = if display_name.is_empty() {
        (email, None)
    } else {
        (display_name, Some(email))
    };
    let title = match href {
        Some(href) => view! { <a href=href dir="auto">{name.clone()}</a> }.into_any(),
        None => view! { <strong dir="auto">{name.clone()}</strong> }.into_any(),
    };
    view! {
        <span class="who">
            <Avatar name=name picture=picture />
            <span>
                <span>{title} {mark}</span>
                {email.map(|email| view! { <span class="hint" dir="auto">{email}</span> })}
            </span>
        </span>
    }
}

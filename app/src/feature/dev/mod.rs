//! What only `rooiam dev` has: the mailbox, and the page that shows every part of pages.

mod style;

pub use style::StylePage;

use crate::{
    AppError, i18n,
    layout::{CardLayout, staged},
    text,
    ui::{icon::Glyph, parts::Empty},
};
use iam_types::view::CaughtMail;
use leptos::prelude::*;

/// Mail caught so far. There is none, and no such page, outside development.
pub async fn load_mailbox() -> Result<Vec<CaughtMail>, AppError> {
    Ok(crate::server::context::mailbox()?.mails())
}

/// `/dev/mailbox`
#[component]
pub fn MailboxPage() -> impl IntoView {
    let l = i18n::use_locale();
    let mails = load_mailbox();
    let render = move |mails: Vec<CaughtMail>| {
        let empty = mails
            .is_empty()
            .then(|| view! { <Empty glyph=Glyph::Invitations text=text!(l, mailbox.empty) /> });
        let rows = mails.into_iter().map(|mail| {
            let lines = mail.text.lines().map(|line| match line.trim() {
                url if url.starts_with("http") => {
                    view! { <p><a rel="external" href=url.to_owned()>{url.to_owned()}</a></p> }.into_any()
                }
                other => view! { <p>{other.to_owned()}</p> }.into_any(),
            });
            view! {
                <li class="mail">
                    <h2>{mail.subject}</h2>
                    <p class="hint">{mail.to}</p>
                    {lines.collect_view()}
                </li>
            }
        });
        view! {
            <CardLayout title=text!(l, mailbox.title)>
            <h1>{text!(l, mailbox.title)}</h1>
            <p>{text!(l, mailbox.lead)}</p>
            <p><a rel="external" href="/dev/mailbox">{text!(l, mailbox.reload)}</a></p>
            {empty}
            <ul class="rows">{rows.collect_view()}</ul>
            </CardLayout>
        }
    };
    staged(mails, render)
}

//! The page between a form of ours and an app. A redirect would be simpler, but browsers hold it, and every further one
//! that the app answers with, against the form's `form-action`.

use super::{assets::Assets, csp, document::document};
use crate::{
    i18n::Locale,
    text,
    ui::brand::{BrandFoot, BrandHead},
};
use iam_types::view::Brand;
use leptos::prelude::*;

/// Goes on at once. `replace`, so that the way back from the app does not lead here again. It is the page's only script
/// and stands in the policy by its hash.
const SCRIPT: &str = "location.replace(document.getElementById(\"on\").href)";
const SCRIPT_HASH: &str = "'sha256-4UZruFGt3U/0TKPaTcmejhGXz0VQUWuO3KAiw9gYC9w='";

/// Where the page leads.
pub enum Place {
    /// To a website, by its host.
    Site(String),
    /// To a program on the person's device, which browsers may ask about before they open it.
    Device,
}

/// The page's Content Security Policy.
pub fn policy() -> String {
    csp::policy(SCRIPT_HASH)
}

/// Renders the page that leads to `target`, an address whose scheme an app may have.
pub fn to_app_page(l: Locale, assets: &Assets, target: &str, place: Place, brand: Option<Brand>) -> String {
    let style = brand.as_ref().and_then(|brand| brand.style.clone());
    let target = target.to_owned();
    // Only without scripts: with them the app would be asked twice, and a code is good for one time.
    let head = view! {
        {style.map(|href| view! { <link rel="stylesheet" href=href /> })}
        <noscript><meta http-equiv="refresh" content=format!("0;url={target}") /></noscript>
    };
    let body = || {
        let foot = brand.clone().map(|brand| view! { <BrandFoot brand=brand /> });
        let top = brand.map(|brand| view! { <BrandHead brand=brand /> });
        let words = match place {
            Place::Site(host) => view! {
                <h1>{text!(l, to_app.site_title, host = host)}</h1>
                <p class="late">{text!(l, to_app.site_lead)} " " <a id="on" href=target>{text!(l, to_app.site_go)}</a></p>
            }
            .into_any(),
            Place::Device => view! {
                <h1>{text!(l, to_app.device_title)}</h1>
                <p>{text!(l, to_app.device_lead)}</p>
                <a class="button" id="on" href=target>{text!(l, to_app.device_go)}</a>
            }
            .into_any(),
        };
        view! {
            <main class="stage branded" id="content">
                <section class="card">{top} {words}</section>
                {foot}
            </main>
            <script>{SCRIPT}</script>
        }
        .into_any()
    };
    document(l, assets, &text!(l, to_app.title), Some(head.into_any()), body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(target: &str) -> String {
        let place = Place::Site("orders.example.com".to_owned());
        to_app_page(Locale::en, &Assets::default(), target, place, None)
    }

    #[test]
    fn it_leads_to_the_app_with_scripts_and_without() {
        let html = page("https://orders.example.com/cb?a=1;b&code=c");
        assert!(
            html.contains("content=\"0;url=https://orders.example.com/cb?a=1;b&amp;code=c\"></noscript>")
                || html.contains(
                    "content=\"0;url=https://orders.example.com/cb?a=1;b&amp;code=c\"/></noscript>"
                ),
            "{html}"
        );
        assert!(
            html.contains("href=\"https://orders.example.com/cb?a=1;b&amp;code=c\""),
            "{html}"
        );
        assert!(html.contains(&format!("<script>{SCRIPT}</script>")), "{html}");
    }

    #[test]
    fn an_address_cannot_leave_its_attribute() {
        let html = page("https://orders.example.com/cb?x=\"><script>alert(1)</script>&code=c");
        assert_eq!(html.matches("<script>").count(), 1, "{html}");
        assert!(!html.contains("\"><script>alert"), "{html}");
    }
}

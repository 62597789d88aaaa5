//! The end of a flow: from our origin to the app.

use super::Web;
use super::{context::request_ctx, respond};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY},
};
use app::{
    i18n::locale_of,
    server::to_app::{Place, policy, to_app_page},
};
use iam::IamError;
use iam_types::Slug;
use url::Url;

/// Sends a browser on that came here by links and redirects alone. Never after a form of ours: its page's `form-action`
/// would rule this redirect and those of the app.
pub fn redirect(target: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, target))
        .finish()
}

/// Sends a browser on that came here by a form.
pub async fn page(web: &Web, request: &HttpRequest, slug: &Slug, target: &str) -> HttpResponse {
    let Some(place) = place(target) else {
        return respond::failed_page(request, &IamError::Fault("redirect uri of another scheme"));
    };
    let locale = locale_of(&request_ctx(request).locale).unwrap_or_default();
    // Without its look the page still leads on.
    let brand = web.iam.branding().brand(slug).await.ok();
    let html = to_app_page(locale, &respond::assets(request), target, place, brand);
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, policy()))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        // It holds the code.
        .insert_header((CONTENT_ENCODING, "identity"))
        .body(html)
}

/// Where an address leads; nothing for one that no app can register.
fn place(target: &str) -> Option<Place> {
    let url = Url::parse(target).ok()?;
    match (url.scheme(), url.host_str()) {
        ("http" | "https", Some(host)) => Some(Place::Site(host.to_owned())),
        (scheme, _) if scheme.contains('.') => Some(Place::Device),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_page_leads_where_no_app_can_be() {
        assert!(
            matches!(place("https://a.example/cb?code=c"), Some(Place::Site(host)) if host == "a.example")
        );
        assert!(matches!(place("com.example.app:/cb?code=c"), Some(Place::Device)));
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//a.example",
            "/cb",
            "",
        ] {
            assert!(place(bad).is_none(), "{bad}");
        }
    }
}

//! Steps of an app's request that are no pages: going on after sign-in, deciding, choosing a language.

use super::Web;
use super::{
    context::{RequestCtx, request_ctx},
    language, respond, to_app,
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{LOCATION, REFERER},
    web::{self, Data, Form, Path, Query, ServiceConfig},
};
use app::{
    i18n::{locale_of, tag},
    paths,
    server::cookies::{self, Name},
};
use iam::{
    IamError,
    domain::account::preferences::Preferences,
    provider::{AuthorizeStep, Decided, Decision},
};
use iam_types::{AuthorizationId, ErrorCode, Slug};
use serde::Deserialize;
use url::Url;

/// A year, in seconds.
const LANGUAGE_KEPT: i64 = 31_536_000;

/// Mounts the steps.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/w/{slug}/continue", web::get().to(go_on))
        .route("/w/{slug}/decide", web::post().to(decide))
        .route("/language", web::post().to(choose_language));
}

#[derive(Deserialize)]
struct Pending {
    request: String,
    /// [`paths::APP`] where no form led here.
    #[serde(default)]
    from: String,
}

#[derive(Deserialize)]
struct Answered {
    request: String,
    #[serde(default)]
    shown_to: String,
    decision: String,
}

#[derive(Deserialize)]
struct Language {
    language: String,
}

fn parse(slug: &str, request: &str) -> Result<(Slug, AuthorizationId), IamError> {
    let slug = slug.parse().map_err(|_| ErrorCode::NotFound)?;
    let id = request.parse().map_err(|_| ErrorCode::AuthorizationExpired)?;
    Ok((slug, id))
}

fn see(target: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, target))
        .finish()
}

/// What leads to the app, which ends what the app asked for on the way.
fn arrived(web: &Web, request: &HttpRequest, mut response: HttpResponse) -> HttpResponse {
    language::forget(web, request, &mut response);
    response
}

async fn go_on(
    web: Data<Web>,
    path: Path<String>,
    query: Query<Pending>,
    ctx: RequestCtx,
    request: HttpRequest,
) -> HttpResponse {
    let next = async {
        let (slug, id) = parse(&path, &query.request)?;
        Ok::<_, IamError>(match web.iam.provider().resume(&ctx.0, &slug, id).await? {
            AuthorizeStep::SignIn => see(&paths::workspace_login(&slug, Some(id))),
            AuthorizeStep::Ask => see(&paths::join_path(&slug, Some(id))),
            AuthorizeStep::Consent => see(&paths::consent(&slug, id)),
            AuthorizeStep::Redirect(target) if query.from == paths::APP => {
                arrived(&web, &request, to_app::redirect(&target))
            }
            AuthorizeStep::Redirect(target) => {
                let page = to_app::page(&web, &request, &slug, &target).await;
                arrived(&web, &request, page)
            }
        })
    };
    match next.await {
        Ok(response) => response,
        Err(error) => failed(&web, &path, &query.request, &ctx, &request, &error).await,
    }
}

async fn decide(
    web: Data<Web>,
    path: Path<String>,
    form: Form<Answered>,
    ctx: RequestCtx,
    request: HttpRequest,
) -> HttpResponse {
    let response = async {
        let (slug, id) = parse(&path, &form.request)?;
        let decision = match form.decision.as_str() {
            "allow" => Decision::Allow,
            "deny" => Decision::Deny,
            _ => return Err(ErrorCode::InvalidInput.into()),
        };
        let decided = web
            .iam
            .provider()
            .decide(&ctx.0, &slug, id, &form.shown_to, decision);
        Ok::<_, IamError>(match decided.await? {
            Decided::Redirect(target) => {
                let page = to_app::page(&web, &request, &slug, &target).await;
                arrived(&web, &request, page)
            }
            Decided::StartOver => see(&paths::go_on(&slug, id)),
        })
    };
    match response.await {
        Ok(response) => response,
        Err(error) => failed(&web, &path, &form.request, &ctx, &request, &error).await,
    }
}

/// Says why a request does not go on, with the way back to the app where it is merely too late.
async fn failed(
    web: &Web,
    slug: &str,
    id: &str,
    ctx: &RequestCtx,
    request: &HttpRequest,
    error: &IamError,
) -> HttpResponse {
    let way_back = match (error.code(), parse(slug, id)) {
        (ErrorCode::AuthorizationExpired, Ok((slug, id))) => {
            web.iam.provider().way_back(&ctx.0, &slug, id).await
        }
        _ => Ok(None),
    };
    respond::page_with_way_back(request, error, way_back.ok().flatten())
}

async fn choose_language(
    web: Data<Web>,
    form: Form<Language>,
    ctx: RequestCtx,
    request: HttpRequest,
) -> HttpResponse {
    let Some(locale) = locale_of(&form.language) else {
        return respond::page(&request, ErrorCode::InvalidInput);
    };
    // Who is signed in chooses for all their browsers.
    if let Ok(actor) = ctx.0.actor() {
        let chosen = Preferences {
            locale: Some(tag(locale).to_owned()),
            ..actor.user.preferences.clone()
        };
        if let Err(error) = web.iam.account().set_preferences(&ctx.0, &chosen).await {
            return respond::failed_page(&request, &error);
        }
    }
    let cookie = cookies::build(Name::Language, web.iam.is_https(), tag(locale), LANGUAGE_KEPT);
    let referer = request
        .headers()
        .get(REFERER)
        .and_then(|value| value.to_str().ok());
    let ctx = request_ctx(&request);
    let mut response = see(&own_path(referer, web.iam.origin_for(&ctx)));
    if response.add_cookie(&cookie).is_err() {
        return respond::page(&request, ErrorCode::Internal);
    }
    response
}

/// The page that the form was on, never another site.
fn own_path(referer: Option<&str>, origin: &str) -> String {
    let url = referer
        .and_then(|text| Url::parse(text).ok())
        .filter(|url| url.origin().ascii_serialization() == origin);
    let path = url.map_or_else(String::new, |url| {
        url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()
    });
    // A path that begins with two slashes is the address of another host once it stands alone.
    format!("/{}", path.trim_start_matches(['/', '\\']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choosing_a_language_leads_back_to_our_page_and_never_elsewhere() {
        let back = |referer| own_path(Some(referer), "https://id.example");
        assert_eq!(
            back("https://id.example/w/acme/login?request=r#x"),
            "/w/acme/login?request=r"
        );
        for (referer, path) in [
            ("https://id.example//evil.example/x", "/evil.example/x"),
            ("https://id.example/\\/evil.example/x", "/evil.example/x"),
            ("https://id.example/%2F/evil.example", "/%2F/evil.example"),
            ("https://evil.example/x", "/"),
            ("https://id.example@evil.example/x", "/"),
            ("//evil.example", "/"),
            ("", "/"),
        ] {
            assert_eq!(back(referer), path, "{referer}");
        }
        assert_eq!(own_path(None, "https://id.example"), "/");
    }
}

//! OAuth and OpenID Connect endpoints. Only `authorize` knows the browser's session; the others never look at cookies.

use super::Web;
use super::{
    body,
    context::{RequestCtx, attach, request_ctx},
    language, respond,
};
use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    http::{
        Method, StatusCode,
        header::{
            AUTHORIZATION, Accept, CACHE_CONTROL, ETag, EntityTag, Header, HeaderName, IfNoneMatch, LOCATION,
            Quality, WWW_AUTHENTICATE,
        },
    },
    middleware::from_fn,
    web::{self, Bytes, Data, Path, ServiceConfig},
};
use app::{i18n, paths};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use iam::{
    IamError,
    provider::{AuthorizeOutcome, Introspected, ProviderError},
};
use iam_protocol::{
    oauth::{
        error::{OAuthError, OAuthErrorCode},
        introspection::SIGNED,
    },
    params::Params,
};
use iam_types::{ErrorCode, Slug};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Mounts the endpoints.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(
            web::resource([
                "/w/{slug}/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server/w/{slug}",
            ])
            .route(web::get().to(discovery)),
        )
        .service(web::resource("/w/{slug}/oauth/jwks").route(web::get().to(jwks)))
        .service(
            web::resource("/w/{slug}/oauth/token")
                .wrap(from_fn(body::read))
                .route(web::post().to(token)),
        )
        .service(
            web::resource("/w/{slug}/oauth/userinfo")
                .wrap(from_fn(body::read))
                .route(web::get().to(userinfo))
                .route(web::post().to(userinfo)),
        )
        .service(
            web::resource("/w/{slug}/oauth/revoke")
                .wrap(from_fn(body::read))
                .route(web::post().to(revoke)),
        )
        .service(
            web::resource("/w/{slug}/oauth/introspect")
                .wrap(from_fn(body::read))
                .route(web::post().to(introspect)),
        )
        .service(
            web::resource("/w/{slug}/oauth/authorize")
                .wrap(from_fn(body::read))
                .wrap(from_fn(attach))
                .route(web::get().to(authorize))
                .route(web::post().to(authorize_posted)),
        );
}

fn slug(path: &Path<String>) -> Result<Slug, IamError> {
    path.parse().map_err(|_| ErrorCode::NotFound.into())
}

async fn discovery(web: Data<Web>, path: Path<String>, request: HttpRequest) -> HttpResponse {
    let document = async {
        let slug = slug(&path)?;
        let tags = i18n::locales().iter().copied().map(i18n::tag).collect();
        let document = web
            .iam
            .provider()
            .discovery(&request_ctx(&request), &slug)
            .await?;
        Ok::<_, IamError>(document.with_ui_locales(tags))
    };
    match document.await {
        Ok(document) => public_document(&request, &document),
        Err(error) => respond::problem(&error),
    }
}

async fn jwks(web: Data<Web>, path: Path<String>, request: HttpRequest) -> HttpResponse {
    let keys = async { web.iam.provider().key_set(&slug(&path)?).await };
    match keys.await {
        Ok(keys) => public_document(&request, &*keys),
        Err(error) => respond::problem(&error),
    }
}

/// A document that everybody may keep for a while, and then ask whether it is still the same (RFC 9110 13.1.2).
fn public_document(request: &HttpRequest, document: &impl Serialize) -> HttpResponse {
    let Ok(json) = serde_json::to_vec(document) else {
        return respond::problem(&IamError::Fault("a document of ours"));
    };
    let tag = EntityTag::new_strong(URL_SAFE_NO_PAD.encode(&Sha256::digest(&json)[..16]));
    let known = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag)),
        Err(_) => false,
    };
    let mut response = if known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .insert_header(ETag(tag));
    if known {
        response.finish()
    } else {
        response.content_type("application/json").body(json)
    }
}

async fn authorize(
    web: Data<Web>,
    path: Path<String>,
    ctx: RequestCtx,
    request: HttpRequest,
) -> HttpResponse {
    begin(&web, &path, &ctx, &request, request.query_string().as_bytes()).await
}

async fn authorize_posted(
    web: Data<Web>,
    path: Path<String>,
    ctx: RequestCtx,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    if !is_form(&request) {
        return respond::page(&request, ErrorCode::InvalidInput);
    }
    begin(&web, &path, &ctx, &request, &body).await
}

async fn begin(
    web: &Web,
    path: &Path<String>,
    ctx: &RequestCtx,
    request: &HttpRequest,
    params: &[u8],
) -> HttpResponse {
    let target = async {
        let slug = slug(path)?;
        Ok::<_, IamError>(match web.iam.provider().authorize(&ctx.0, &slug, params).await? {
            AuthorizeOutcome::Stored(id) => (paths::go_on_from_app(&slug, id), language::wished(params)),
            AuthorizeOutcome::Answered(target) => (target, None),
        })
    };
    match target.await {
        Ok((target, wish)) => {
            let mut response = HttpResponse::SeeOther()
                .insert_header((LOCATION, target))
                .finish();
            language::keep(web, request, wish, &mut response);
            response
        }
        Err(error) => respond::failed_page(request, &error),
    }
}

/// Whether the body is what requests are written in (RFC 6749 4.1.3, appendix B).
fn is_form(request: &HttpRequest) -> bool {
    request
        .content_type()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

const TWO_TOKENS: OAuthError = OAuthError::new(OAuthErrorCode::InvalidRequest, "send one access token, once");

const NO_FORM: OAuthError = OAuthError::new(
    OAuthErrorCode::InvalidRequest,
    "the body must be of the type application/x-www-form-urlencoded",
);

/// The workspace that a client means, and what it says of itself in a header, if it posts a form.
fn posted_form<'a>(
    path: &Path<String>,
    request: &'a HttpRequest,
) -> Result<(Slug, Option<&'a str>), ProviderError> {
    let slug = slug(path)?;
    if !is_form(request) {
        return Err(NO_FORM.into());
    }
    Ok((slug, header(request, AUTHORIZATION)))
}

/// Whether whoever asks names this media type and does not refuse it (RFC 9110 12.5.1).
fn accepts(request: &HttpRequest, media_type: &str) -> bool {
    Accept::parse(request).is_ok_and(|accepted| {
        accepted.iter().any(|one| {
            let named = one.item.to_string();
            named.eq_ignore_ascii_case(media_type) && one.quality > Quality::ZERO
        })
    })
}

fn header(request: &HttpRequest, name: HeaderName) -> Option<&str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

async fn token(web: Data<Web>, path: Path<String>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let answer = async {
        let (slug, authorization) = posted_form(&path, &request)?;
        web.iam
            .provider()
            .exchange(&request_ctx(&request), &slug, authorization, &body)
            .await
    };
    match answer.await {
        Ok(tokens) => respond::unstored(StatusCode::OK).json(tokens),
        Err(error) => respond::token_error(&error),
    }
}

async fn revoke(web: Data<Web>, path: Path<String>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let done = async {
        let (slug, authorization) = posted_form(&path, &request)?;
        web.iam
            .provider()
            .revoke(&request_ctx(&request), &slug, authorization, &body)
            .await
    };
    match done.await {
        Ok(()) => respond::unstored(StatusCode::OK).finish(),
        Err(error) => respond::token_error(&error),
    }
}

async fn introspect(web: Data<Web>, path: Path<String>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let media_type = format!("application/{SIGNED}");
    let signed = accepts(&request, &media_type);
    let answer = async {
        let (slug, authorization) = posted_form(&path, &request)?;
        web.iam
            .provider()
            .introspect(&request_ctx(&request), &slug, authorization, &body, signed)
            .await
    };
    let mut response = respond::unstored(StatusCode::OK);
    match answer.await {
        Ok(Introspected::Plain(answer)) => response.json(answer),
        Ok(Introspected::Signed(token)) => response.content_type(media_type).body(token),
        Err(error) => respond::token_error(&error),
    }
}

/// The token that opens a resource: in a header (RFC 6750 2.1), or in a form that is posted (2.2).
///
/// # Errors
/// `invalid_request` for both at once.
fn bearer_token(request: &HttpRequest, body: &[u8]) -> Result<Option<String>, OAuthError> {
    let in_header = header(request, AUTHORIZATION)
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim().to_owned());
    let posted = request.method() == Method::POST && is_form(request);
    let form = Params::decode(if posted { body } else { b"" });
    let form = form.map_err(|_| TWO_TOKENS)?;
    match (in_header, form.get("access_token")) {
        (Some(_), Some(_)) => Err(TWO_TOKENS),
        (in_header, in_form) => Ok(in_header.or_else(|| in_form.map(str::to_owned))),
    }
}

async fn userinfo(web: Data<Web>, path: Path<String>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let answer = async {
        let slug = slug(&path)?;
        let Some(token) = bearer_token(&request, &body)? else {
            return Ok(None);
        };
        let ctx = request_ctx(&request);
        let claims = web.iam.provider().userinfo(&ctx, &slug, &token).await;
        claims.map(Some)
    };
    match answer.await {
        Ok(Some(claims)) => respond::unstored(StatusCode::OK).json(claims),
        Ok(None) => HttpResponse::Unauthorized()
            .insert_header((WWW_AUTHENTICATE, "Bearer realm=\"rooiam\""))
            .finish(),
        Err(error) => respond::bearer_error(&error),
    }
}

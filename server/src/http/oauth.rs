//! OAuth and OpenID Connect endpoints. Only `authorize` knows the browser's session; the others never look at cookies.

use super::Web;
use super::{
    body,
    context::{RequestCtx, attach, request_ctx},
    language, respond,
};
use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    http::header::{AUTHORIZATION, CACHE_CONTROL, LOCATION, WWW_AUTHENTICATE},
    middleware::from_fn,
    web::{self, Bytes, Data, Path, ServiceConfig},
};
use app::{i18n, paths};
use iam::{
    IamError,
    provider::{AuthorizeOutcome, ProviderError},
};
use iam_protocol::oauth::error::{OAuthError, OAuthErrorCode};
use iam_types::{ErrorCode, Slug};

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
        Ok(document) => HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, "public, max-age=300"))
            .json(document),
        Err(error) => respond::problem(&error),
    }
}

async fn jwks(web: Data<Web>, path: Path<String>) -> HttpResponse {
    let keys = async { web.iam.provider().key_set(&slug(&path)?).await };
    match keys.await {
        Ok(keys) => HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, "public, max-age=300"))
            .json(keys),
        Err(error) => respond::problem(&error),
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

const NO_FORM: OAuthError = OAuthError::new(
    OAuthErrorCode::InvalidRequest,
    "the body must be of the type application/x-www-form-urlencoded",
);

async fn token(web: Data<Web>, path: Path<String>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let authorization = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let answer = async {
        let slug = slug(&path)?;
        if !is_form(&request) {
            return Err(ProviderError::from(NO_FORM));
        }
        web.iam
            .provider()
            .exchange(&request_ctx(&request), &slug, authorization, &body)
            .await
    };
    match answer.await {
        Ok(tokens) => HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(tokens),
        Err(error) => respond::token_error(&error),
    }
}

async fn userinfo(web: Data<Web>, path: Path<String>, request: HttpRequest) -> HttpResponse {
    let header = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let bearer = header
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let Some((_, token)) = bearer else {
        return HttpResponse::Unauthorized()
            .insert_header((WWW_AUTHENTICATE, "Bearer"))
            .finish();
    };
    let answer = async {
        let slug = slug(&path)?;
        web.iam
            .provider()
            .userinfo(&request_ctx(&request), &slug, token.trim())
            .await
    };
    match answer.await {
        Ok(claims) => HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(claims),
        Err(error) => respond::bearer_error(&error),
    }
}

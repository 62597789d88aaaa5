//! The way to a provider. It is a form, so the browser goes on from a page: see [`to_app`].

use super::{Web, context::RequestCtx, outcome, respond, to_app};
use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Data, Form, Path, ServiceConfig},
};
use app::{
    paths,
    server::cookies::{self, Name},
};
use iam::{IamError, connections::Begun, domain::connections::attempt::LIFETIME};
use iam_types::{AuthorizationId, ConnectionId, ErrorCode, Slug, view::Told};
use serde::Deserialize;

/// Mounts it.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/w/{slug}/login/connection", web::post().to(begin));
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    connection: String,
    /// The app's request, empty without one.
    #[serde(default)]
    request: String,
    /// Not empty where the account that is signed in is to be linked.
    #[serde(default)]
    link: String,
}

async fn begin(
    web: Data<Web>,
    path: Path<String>,
    form: Form<Wanted>,
    ctx: RequestCtx,
    request: HttpRequest,
) -> HttpResponse {
    let Ok(slug) = path.parse::<Slug>() else {
        return respond::page(&request, ErrorCode::NotFound);
    };
    match begun(&web, &ctx, &slug, &form).await {
        Ok(begun) => {
            let mut page = to_app::page(&web, &request, &slug, &begun.url).await;
            let (browser, kept) = (begun.browser.expose(), LIFETIME.num_seconds());
            let cookie = cookies::build(Name::Browser, web.iam.is_https(), browser, kept);
            match page.add_cookie(&cookie) {
                Ok(()) => page,
                Err(_) => respond::page(&request, ErrorCode::Internal),
            }
        }
        Err(error) => refused(&request, &slug, &form, &error).await,
    }
}

async fn begun(web: &Web, ctx: &RequestCtx, slug: &Slug, form: &Wanted) -> Result<Begun, IamError> {
    let connections = web.iam.connections();
    let id: ConnectionId = form.connection.parse().map_err(|_| ErrorCode::NotFound)?;
    if form.link.is_empty() {
        connections.begin(&ctx.0, slug, id, pending(form)?).await
    } else {
        connections.begin_linking(&ctx.0, slug, id).await
    }
}

fn pending(form: &Wanted) -> Result<Option<AuthorizationId>, IamError> {
    match form.request.as_str() {
        "" => Ok(None),
        id => Ok(Some(id.parse().map_err(|_| ErrorCode::AuthorizationExpired)?)),
    }
}

/// Back to the page with the button, which says what is wrong; whoever may not know of the workspace gets no page of it.
async fn refused(request: &HttpRequest, slug: &Slug, form: &Wanted, error: &IamError) -> HttpResponse {
    let page = match (error.code(), pending(form)) {
        (
            code @ (ErrorCode::ConnectionExpired
            | ErrorCode::ConnectionFailed
            | ErrorCode::RateLimited
            | ErrorCode::SignInAgain),
            Ok(id),
        ) => (code, id),
        _ => return respond::failed_page(request, error),
    };
    let (code, id) = page;
    let target = if form.link.is_empty() {
        paths::workspace_login(slug, id)
    } else {
        paths::SECURITY.to_owned()
    };
    let told = Told {
        error: Some(code),
        ..Told::default()
    };
    outcome::see(request, &target, Some(told)).await
}

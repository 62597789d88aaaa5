//! The way to a provider. It is a form, so the browser goes on from a page: see [`to_app`].

use super::{Web, body, context::RequestCtx, outcome, respond, to_app};
use actix_web::{
    HttpRequest, HttpResponse,
    middleware::from_fn,
    web::{self, Data, Form, Path, ServiceConfig},
};
use app::{
    paths,
    server::cookies::{self, Name},
};
use iam::{
    IamError,
    connections::{Begun, TrialBegun},
};
use iam_types::{AuthorizationId, ConnectionId, ErrorCode, Slug, view::Told};
use serde::Deserialize;

/// The longest part of an answer that is led on.
const LONGEST: usize = 2000;

/// Mounts it.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/w/{slug}/login/connection", web::post().to(begin));
}

/// Mounts what other sites let browsers send: it changes nothing.
pub fn foreign_routes(config: &mut ServiceConfig) {
    config.service(
        web::resource("/w/{slug}/login/apple")
            .wrap(from_fn(body::read_form))
            .route(web::post().to(answered)),
    );
}

/// What Apple lets a browser send (OAuth 2.0 Form Post Response Mode).
#[derive(Deserialize)]
struct Answered {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    error: String,
    /// Who they are, as JSON, the first time.
    #[serde(default)]
    user: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Person {
    name: PersonName,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PersonName {
    first_name: String,
    last_name: String,
}

/// Leads on to the page that takes answers. Our cookies are `SameSite=Lax`: they stay away from a form of another site, and come along
/// where that leads. Whether the answer belongs to the browser is asked there; nothing is read or written here.
async fn answered(path: Path<String>, form: Form<Answered>, request: HttpRequest) -> HttpResponse {
    let Ok(slug) = path.parse::<Slug>() else {
        return respond::page(&request, ErrorCode::NotFound);
    };
    let person: Person = serde_json::from_str(&form.user).unwrap_or_default();
    let name = format!("{} {}", person.name.first_name, person.name.last_name);
    let sent = [
        ("state", form.state.as_str()),
        ("code", &form.code),
        ("error", &form.error),
        ("name", name.trim()),
    ];
    let sent: Vec<_> = sent
        .into_iter()
        .filter(|(_, value)| !value.is_empty() && value.len() <= LONGEST)
        .collect();
    to_app::redirect(&paths::apple_callback(&slug, &sent))
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    connection: String,
    /// The app's request, empty without one.
    #[serde(default)]
    request: String,
    /// The address that was typed, or that the app named.
    #[serde(default)]
    hint: String,
    /// Not empty where the account that is signed in is to be linked.
    #[serde(default)]
    link: String,
    /// Not empty where the provider is tried out.
    #[serde(default)]
    test: String,
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
        Ok(Way::Over(page)) => outcome::see(&request, &page, None).await,
        Ok(Way::Provider(begun)) => {
            let mut page = to_app::page(&web, &request, &slug, &begun.url).await;
            let (browser, kept) = (begun.browser.expose(), ctx.0.browser_lives().num_seconds());
            let cookie = cookies::build(Name::Browser, web.iam.is_https(), browser, kept);
            match page.add_cookie(&cookie) {
                Ok(()) => page,
                Err(_) => respond::page(&request, ErrorCode::Internal),
            }
        }
        Err(error) => refused(&request, &slug, &form, &error).await,
    }
}

/// Where a browser goes on.
enum Way {
    /// To a provider.
    Provider(Begun),
    /// To a page of ours: there is no way to the provider that was tried out.
    Over(String),
}

async fn begun(web: &Web, ctx: &RequestCtx, slug: &Slug, form: &Wanted) -> Result<Way, IamError> {
    let connections = web.iam.connections();
    let id: ConnectionId = form.connection.parse().map_err(|_| ErrorCode::NotFound)?;
    if !form.test.is_empty() {
        return Ok(match connections.begin_test(&ctx.0, slug, id).await? {
            TrialBegun::Sent(begun) => Way::Provider(begun),
            TrialBegun::Over(test) => Way::Over(paths::connection_test(slug, id, test)),
        });
    }
    let begun = if form.link.is_empty() {
        connections
            .begin(&ctx.0, slug, id, pending(form)?, &form.hint)
            .await?
    } else {
        connections.begin_linking(&ctx.0, slug, id).await?
    };
    Ok(Way::Provider(begun))
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
    let tested = form.connection.parse().ok().filter(|_| !form.test.is_empty());
    let target = match tested {
        Some(tested) => paths::connection(slug, tested),
        None if form.link.is_empty() => paths::workspace_login(slug, id),
        None => paths::SECURITY.to_owned(),
    };
    let told = Told {
        error: Some(code),
        ..Told::default()
    };
    outcome::see(request, &target, Some(told)).await
}

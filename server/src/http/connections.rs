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
    connections::{Begun, TrialBegun, Wanted},
};
use iam_types::{AuthorizationId, ConnectionId, ErrorCode, Slug, view::Told};
use serde::Deserialize;

/// The longest part of an answer that is led on.
const LONGEST: usize = 2000;

/// Mounts it.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/login/connection", web::post().to(begin_at_platform));
    config.route("/w/{slug}/login/connection", web::post().to(begin));
}

/// Mounts what other sites let browsers send: it changes nothing.
pub fn foreign_routes(config: &mut ServiceConfig) {
    config.service(
        web::resource("/login/apple")
            .wrap(from_fn(body::read_form))
            .route(web::post().to(answered_at_platform)),
    );
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
    match workspace(&path) {
        Some(slug) => leads_on(&slug, &form),
        None => respond::page(&request, ErrorCode::NotFound),
    }
}

async fn answered_at_platform(form: Form<Answered>) -> HttpResponse {
    leads_on(&Slug::platform(), &form)
}

/// The workspace of an address. What is the platform's has addresses of its own.
fn workspace(path: &str) -> Option<Slug> {
    path.parse().ok().filter(|slug: &Slug| !slug.is_platform())
}

fn leads_on(slug: &Slug, form: &Answered) -> HttpResponse {
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
    to_app::redirect(&paths::apple_callback(slug, &sent))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    connection: String,
    /// The workspace at whose login page one of the platform was chosen, empty at the platform's.
    #[serde(default)]
    slug: String,
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
    form: Form<Asked>,
    ctx: RequestCtx,
    request: HttpRequest,
) -> HttpResponse {
    match workspace(&path) {
        Some(slug) => send_on(&web, &slug, &form, &ctx, &request).await,
        None => respond::page(&request, ErrorCode::NotFound),
    }
}

async fn begin_at_platform(
    web: Data<Web>,
    form: Form<Asked>,
    ctx: RequestCtx,
    request: HttpRequest,
) -> HttpResponse {
    send_on(&web, &Slug::platform(), &form, &ctx, &request).await
}

/// Sends somebody to a provider of `slug`.
async fn send_on(
    web: &Web,
    slug: &Slug,
    form: &Asked,
    ctx: &RequestCtx,
    request: &HttpRequest,
) -> HttpResponse {
    match begun(web, ctx, slug, form).await {
        Ok(Way::Over(page)) => outcome::see(request, &page, None).await,
        Ok(Way::Provider(begun)) => {
            let mut page = to_app::page(web, request, slug, &begun.url).await;
            let (browser, kept) = (begun.browser.expose(), ctx.0.browser_lives().num_seconds());
            let cookie = cookies::build(Name::Browser, web.iam.is_https(), browser, kept);
            match page.add_cookie(&cookie) {
                Ok(()) => page,
                Err(_) => respond::page(request, ErrorCode::Internal),
            }
        }
        Err(error) => refused(request, slug, form, &error).await,
    }
}

/// Where a browser goes on.
enum Way {
    /// To a provider.
    Provider(Begun),
    /// To a page of ours: there is no way to the provider that was tried out.
    Over(String),
}

async fn begun(web: &Web, ctx: &RequestCtx, slug: &Slug, form: &Asked) -> Result<Way, IamError> {
    let connections = web.iam.connections();
    let id: ConnectionId = form.connection.parse().map_err(|_| ErrorCode::NotFound)?;
    if !form.test.is_empty() {
        return Ok(match connections.begin_test(&ctx.0, slug, id).await? {
            TrialBegun::Sent(begun) => Way::Provider(begun),
            TrialBegun::Over(test) => Way::Over(paths::connection_test(slug, id, test)),
        });
    }
    let begun = if form.link.is_empty() {
        let at = login_page(slug, form)?;
        let wanted = Wanted {
            at: at.as_ref(),
            authorization_id: pending(form)?,
            hint: &form.hint,
        };
        connections.begin(&ctx.0, slug, id, wanted).await?
    } else {
        connections.begin_linking(&ctx.0, slug, id).await?
    };
    Ok(Way::Provider(begun))
}

/// The workspace at whose login page a provider was chosen; none at the platform's.
fn login_page(slug: &Slug, form: &Asked) -> Result<Option<Slug>, IamError> {
    if !slug.is_platform() {
        return Ok(Some(slug.clone()));
    }
    match form.slug.as_str() {
        "" => Ok(None),
        at => Ok(Some(at.parse().map_err(|_| ErrorCode::NotFound)?)),
    }
}

fn pending(form: &Asked) -> Result<Option<AuthorizationId>, IamError> {
    match form.request.as_str() {
        "" => Ok(None),
        id => Ok(Some(id.parse().map_err(|_| ErrorCode::AuthorizationExpired)?)),
    }
}

/// Back to the page with the button, which says what is wrong; whoever may not know of the workspace gets no page of it.
async fn refused(request: &HttpRequest, slug: &Slug, form: &Asked, error: &IamError) -> HttpResponse {
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
        None if form.link.is_empty() => match login_page(slug, form) {
            Ok(Some(at)) => paths::workspace_login(&at, id),
            Ok(None) | Err(_) => paths::LOGIN.to_owned(),
        },
        None => paths::SECURITY.to_owned(),
    };
    let told = Told {
        error: Some(code),
        ..Told::default()
    };
    outcome::see(request, &target, Some(told)).await
}

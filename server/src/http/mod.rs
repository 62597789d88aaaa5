//! HTTP: which address leads where. Pages belong to Leptos; the rest is here.

mod assets;
mod body;
mod brand;
mod call_status;
mod caught;
mod compression;
pub mod connection;
mod connections;
pub mod context;
mod cors;
mod custom_domain;
mod dress;
mod export;
mod flow;
pub mod forwarded;
mod headers;
mod host;
mod icons;
mod language;
pub mod methods;
mod oauth;
pub mod ops;
mod outcome;
mod picture;
mod related;
mod respond;
mod same_origin;
mod state;
mod to_app;
mod upload;

use actix_web::{
    HttpRequest,
    error::InternalError,
    http::{
        Method,
        header::{FORWARDED, VIA, X_FORWARDED_FOR},
    },
    middleware::{Compress, from_fn},
    web::{self, ServiceConfig},
};
use app::{
    App, CustomDomain,
    i18n::{Clock, locale_of},
    server::{assets::Assets, context as page_context, mailbox::Mailbox},
    shell,
};
use iam::Ctx;
use iam_types::ErrorCode;
use leptos::prelude::{provide_context, use_context};
use leptos_actix::{ActixRouteListing, LeptosRoutes, Request};
use methods::Methods;
use std::{path::PathBuf, sync::LazyLock};

pub use body::{Bodies, Patience, guard};
pub use caught::faults;
pub use cors::open;
pub use custom_domain::enforce_custom_domain;
pub use dress::dress;
pub use headers::security_headers;
pub use state::Web;

/// Everything that serves pages.
#[derive(Clone)]
pub struct Pages {
    /// The folder of scripts, styles and icons.
    pub site_root: PathBuf,
    /// The scripts and styles in it that pages ask for.
    pub assets: Assets,
    /// The pages' addresses.
    pub routes: Vec<ActixRouteListing>,
    /// Captured mail, under `rooiam dev`.
    pub mailbox: Option<Mailbox>,
}

/// Mounts all routes.
pub fn configure(config: &mut ServiceConfig, web: &Web, pages: &Pages) {
    config
        .app_data(web::Data::new(web.clone()))
        .app_data(web::Data::new(pages.assets.clone()))
        .app_data(web::Data::new(Methods::new(&pages.routes)))
        .app_data(web::PayloadConfig::new(body::MOST_BYTES))
        .app_data(web::FormConfig::default().error_handler(|error, request| {
            let response = respond::page(request, ErrorCode::InvalidInput);
            InternalError::from_response(error, response).into()
        }))
        .app_data(web::QueryConfig::default().error_handler(|error, request| {
            let response = respond::page(request, ErrorCode::InvalidInput);
            InternalError::from_response(error, response).into()
        }))
        .app_data(web::PathConfig::default().error_handler(|error, request| {
            let response = respond::page(request, ErrorCode::NotFound);
            InternalError::from_response(error, response).into()
        }))
        .configure(|config| assets::routes(config, pages.site_root.join("pkg")))
        .configure(|config| icons::routes(config, &pages.site_root))
        .configure(ops::routes)
        .configure(oauth::routes)
        .configure(related::routes)
        .configure(connections::foreign_routes)
        .configure(brand::public_routes)
        .configure(brand::upload_route)
        .configure(picture::public_routes)
        .configure(picture::upload_route)
        .service(
            web::scope("")
                .wrap(from_fn(body::read_form))
                .wrap(from_fn(outcome::deliver))
                .wrap(from_fn(context::attach))
                .wrap(from_fn(same_origin::require))
                .wrap(from_fn(compression::restrict))
                .wrap(Compress::default())
                .wrap(from_fn(compression::clean))
                .configure(flow::routes)
                .configure(connections::routes)
                .configure(export::routes)
                .configure(|config| leptos(config, web, pages))
                .default_service(web::to(|request: HttpRequest| async move {
                    respond::page(&request, ErrorCode::NotFound)
                })),
        );
}

fn leptos(config: &mut ServiceConfig, web: &Web, pages: &Pages) {
    let (iam, mailbox, assets) = (web.iam.clone(), pages.mailbox.clone(), pages.assets.clone());
    let provide = move || {
        provide_context(iam.clone());
        let request = use_context::<Request>();
        if let Some(mailbox) = mailbox
            .clone()
            .filter(|_| request.is_some_and(|request| is_here(&request)))
        {
            provide_context(mailbox);
        }
        let ctx = use_context::<Request>().and_then(|_| page_context::ctx().ok());
        provide_context(CustomDomain(
            ctx.as_ref()
                .is_some_and(|ctx| ctx.custom_domain.is_some() || is_confined(ctx)),
        ));
        let clock = ctx
            .as_ref()
            .and_then(|ctx| ctx.actor.as_ref()?.user.preferences.time_zone.as_deref());
        provide_context(Clock(clock.and_then(|zone| zone.parse().ok())));
        provide_context(ctx.and_then(|ctx| locale_of(&ctx.locale)).unwrap_or_default());
    };
    config
        .service(
            web::resource("/fn/{name:.*}")
                .wrap(from_fn(call_status::correct))
                .wrap(from_fn(outcome::answer))
                .route(leptos_actix::handle_server_fns_with_context(provide.clone()).method(Method::POST)),
        )
        .leptos_routes_with_context(pages.routes.clone(), provide, move || shell(assets.clone()));
}

/// Whether a workspace's provider vouched for the viewer, who counts nowhere else then.
fn is_confined(ctx: &Ctx) -> bool {
    ctx.actor.as_ref().is_some_and(|actor| !actor.session.is_whole())
}

/// Whether a browser on this machine asks, by itself and under this machine's name: whoever reads the mailbox can sign in
/// as anybody.
fn is_here(request: &HttpRequest) -> bool {
    let direct = request
        .peer_addr()
        .is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    let passed_on = [FORWARDED, X_FORWARDED_FOR, VIA]
        .iter()
        .any(|name| request.headers().contains_key(name));
    direct && !passed_on && host::asked(request).is_ok_and(|host| host::is_loopback(&host))
}

/// The addresses of all pages.
pub fn page_routes() -> Vec<ActixRouteListing> {
    // Once for the process: while Leptos lists them for one server, what pages of another begin to load never comes
    // (leptos-rs/leptos#4773).
    static ROUTES: LazyLock<Vec<ActixRouteListing>> =
        LazyLock::new(|| leptos_actix::generate_route_list(App));
    ROUTES.clone()
}

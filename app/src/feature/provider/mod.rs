//! Letting an app in.

use crate::{
    AppError, i18n,
    layout::{CardLayout, staged},
    paths,
    server::context::{ctx, gone_to, iam, or_way_back},
    text,
    ui::{
        icon::Icon,
        parts::{Notice, Tone},
        query::{asked, param},
        words::scope_text,
    },
};
use iam_types::{AuthorizationId, ErrorCode, Slug, view::ConsentView};
use leptos::prelude::*;

/// What the consent page asks.
pub async fn load_consent(slug: String, request: String) -> Result<ConsentView, AppError> {
    let (iam, ctx) = (iam()?, ctx()?);
    let slug: Slug = slug.parse().map_err(|_| ErrorCode::NotFound)?;
    let id: AuthorizationId = request.parse().map_err(|_| ErrorCode::AuthorizationExpired)?;
    if ctx.actor.is_none() {
        return Err(gone_to(&paths::go_on(&slug, id)));
    }
    let view = iam.provider().consent(&ctx, &slug, id).await;
    or_way_back(&slug, Some(id), view)
}

/// `/w/{slug}/consent`
#[component]
pub fn ConsentPage() -> impl IntoView {
    let l = i18n::use_locale();
    let (slug, request) = (param("slug"), asked("request"));
    let view = load_consent(slug.clone(), request.clone());
    let render = move |view: ConsentView| {
        let scopes: Vec<_> = view
            .scopes
            .iter()
            .filter_map(|scope| scope_text(l, scope))
            .map(|(glyph, line)| view! { <li><Icon glyph=glyph /> <span>{line}</span></li> })
            .collect();
        let (workspace, request) = (view.brand.name.clone(), request.clone());
        let joins = view.joins.then(|| {
            let words = text!(l, consent.joins, workspace = workspace.clone());
            view! { <Notice tone=Tone::Warn><p>{words}</p></Notice> }
        });
        let decide = paths::decide(&slug);
        view! {
            <CardLayout title=text!(l, login.title) brand=view.brand>
                <h1>{text!(l, consent.title, app = view.app.clone())}</h1>
                <p>{text!(l, consent.lead, workspace = workspace, email = view.email)}</p>
                <p>{text!(l, consent.will, app = view.app)}</p>
                <ul class="grants">{scopes}</ul>
                {joins}
                <form method="post" action=decide>
                    <input type="hidden" name="request" value=request />
                    <input type="hidden" name="shown_to" value=view.shown_to />
                    <div class="actions">
                        <button class="button" name="decision" value="allow">{text!(l, consent.allow)}</button>
                        <button class="button quiet" name="decision" value="deny">{text!(l, consent.deny)}</button>
                    </div>
                </form>
                <p class="hint">{text!(l, consent.returns, host = view.returns_to)}</p>
            </CardLayout>
        }
    };
    staged(view, render)
}

//! Where providers send people back to.

use super::place;
use crate::{
    AppError,
    feature::sign_in::go_on,
    i18n,
    layout::{CardLayout, staged},
    paths,
    server::context::{ctx, gone_to, iam, keep_uncompressed, parse_slug, set_status},
    text,
    ui::{
        icon::{Glyph, Icon},
        query::{asked, param},
    },
};
use iam::connections::{BeganAt, Outcome, Returning};
use iam_types::{ErrorCode, Slug, view::Brand};
use leptos::prelude::*;

/// A sign-in that came to nothing, and the way back.
struct Failed {
    code: ErrorCode,
    back: String,
    began: BeganAt,
    brand: Option<Brand>,
}

/// What a provider answered.
struct Answer {
    state: String,
    code: String,
    iss: String,
    kind: String,
    name: String,
    error: String,
    error_description: String,
}

/// Takes what a provider answered and goes on; comes back with why it cannot.
async fn load_callback(slug: String, answer: Answer) -> Result<Failed, AppError> {
    let (iam, ctx) = (iam()?, ctx()?);
    let slug: Slug = parse_slug(&slug)?;
    // The address holds a code.
    keep_uncompressed();
    let given = |text: &'_ str| (!text.is_empty()).then(|| text.to_owned());
    let (code, iss, kind) = (given(&answer.code), given(&answer.iss), given(&answer.kind));
    let name = given(&answer.name);
    let (error, description) = (given(&answer.error), given(&answer.error_description));
    let returning = Returning {
        state: &answer.state,
        code: code.as_deref(),
        iss: iss.as_deref(),
        kind: kind.as_deref(),
        name: name.as_deref(),
        error: error.as_deref(),
        error_description: description.as_deref(),
    };
    let back = iam.connections().callback(&ctx, &slug, returning).await;
    let code = match back.outcome {
        Ok(Outcome::Proved(step)) => {
            go_on(&iam, &ctx, *step, false).await?;
            set_status(302);
            return Err(ErrorCode::SignInRequired.into());
        }
        Ok(Outcome::ProveAddress(challenge)) => return Err(gone_to(&paths::login_sent(challenge))),
        Ok(Outcome::Linked) => return Err(gone_to(paths::SECURITY)),
        Ok(Outcome::Tested(id, test)) => return Err(gone_to(&paths::connection_test(&slug, id, test))),
        Err(error) => error.code(),
    };
    Ok(Failed {
        code,
        back: match back.began {
            BeganAt::Login(Some(ref at)) => paths::workspace_login(at, back.authorization_id),
            BeganAt::Login(None) => paths::LOGIN.to_owned(),
            BeganAt::Account => paths::SECURITY.to_owned(),
            BeganAt::Connection(id) => paths::connection(&slug, id),
        },
        brand: match &back.began {
            BeganAt::Login(Some(at)) => iam.branding().brand(at).await.ok(),
            _ if slug.is_platform() => None,
            _ => iam.branding().brand(&slug).await.ok(),
        },
        began: back.began,
    })
}

/// `/w/{slug}/login/callback`, `/w/{slug}/login/callback/{kind}`; without a slug the platform's
#[component]
pub fn CallbackPage() -> impl IntoView {
    let l = i18n::use_locale();
    let answer = Answer {
        state: asked("state"),
        code: asked("code"),
        iss: asked("iss"),
        kind: param("kind"),
        name: asked("name"),
        error: asked("error"),
        error_description: asked("error_description"),
    };
    let render = move |failed: Failed| {
        set_status(failed.code.status());
        let words = match failed.began {
            BeganAt::Login(_) => text!(l, connections.back),
            BeganAt::Account => text!(l, connections.back_to_security),
            BeganAt::Connection(_) => text!(l, connections.back_to_connection),
        };
        view! {
            <CardLayout title=text!(l, connections.failed) brand=failed.brand>
                <div class="empty" role="alert">
                    <Icon glyph=Glyph::Warning />
                    <h1>{text!(l, connections.failed)}</h1>
                    <p>{i18n::error_text(l, failed.code)}</p>
                    <p class="actions"><a class="button" href=failed.back>{words}</a></p>
                </div>
            </CardLayout>
        }
    };
    staged(load_callback(place(), answer), render)
}

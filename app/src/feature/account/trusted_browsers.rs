//! The browsers in which the viewer is not asked for a code.

use crate::{
    AppError,
    i18n::Locale,
    paths,
    server::{
        context::{iam, parse_id, signed_in},
        outcome::saved,
    },
    text,
    ui::{
        form::{FormError, PostForm, first_of},
        icon::{Glyph, Icon},
        parts::moment,
        sessions::device,
        told::failure,
    },
};
use iam_types::view::TrustedBrowserView;
use leptos::{prelude::*, server_fn::ServerFn};

/// Asks in one of them again.
#[server(prefix = "/fn", endpoint = "forget_browser")]
pub async fn forget_browser(trusted: String) -> Result<(), AppError> {
    iam()?
        .account()
        .forget_browser(&signed_in()?, parse_id(&trusted)?)
        .await?;
    saved(paths::SECURITY);
    Ok(())
}

/// Asks in all of them again.
#[server(prefix = "/fn", endpoint = "forget_browsers")]
pub async fn forget_browsers() -> Result<(), AppError> {
    iam()?.account().forget_browsers(&signed_in()?).await?;
    saved(paths::SECURITY);
    Ok(())
}

/// The list, and an end to it; nothing while there are none.
pub(super) fn trusted_browsers(
    l: Locale,
    trusted: Vec<TrustedBrowserView>,
    now: i64,
) -> Option<impl IntoView> {
    if trusted.is_empty() {
        return None;
    }
    let error = first_of([failure::<ForgetBrowser>(), failure::<ForgetBrowsers>()]);
    let rows: Vec<_> = trusted.into_iter().map(|browser| row(l, browser, now)).collect();
    Some(view! {
        <section class="panel" id="trusted">
            <h2>{text!(l, trusted.title)}</h2>
            <p class="hint">{text!(l, trusted.lead)}</p>
            <FormError error=error />
            <div class="table-box">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{text!(l, account.browser)}</th>
                            <th scope="col" class="wide-only">{text!(l, trusted.since)}</th>
                            <th scope="col">{text!(l, members.last_used)}</th>
                            <th scope="col"><span class="unseen">{text!(l, trusted.forget)}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <PostForm to=ForgetBrowsers::url()>
                <button class="button quiet">{text!(l, trusted.forget_all)}</button>
            </PostForm>
        </section>
    })
}

fn row(l: Locale, trusted: TrustedBrowserView, now: i64) -> impl IntoView {
    let glyph = match trusted.system.as_str() {
        "Android" | "iPhone" | "iPad" => Glyph::Phone,
        _ => Glyph::Computer,
    };
    let name = device(l, &trusted.browser, &trusted.system);
    let label = text!(l, trusted.forget_which, browser = name.clone());
    view! {
        <tr>
            <td><span class="who"><Icon glyph=glyph /> <span><strong>{name}</strong></span></span></td>
            <td class="wide-only">{moment(l, trusted.trusted_at, now)}</td>
            <td>{moment(l, trusted.last_used_at, now)}</td>
            <td class="tight end">
                <PostForm to=ForgetBrowser::url()>
                    <input type="hidden" name="trusted" value=trusted.id.to_string() />
                    <button class="button quiet" aria-label=label>{text!(l, trusted.forget)}</button>
                </PostForm>
            </td>
        </tr>
    }
}

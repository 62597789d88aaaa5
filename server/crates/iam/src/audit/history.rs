//! Events as pages show them.

use iam_domain::sign_in::user_agent;
use iam_store::audit::history::StoredEvent;
use iam_types::{Role, view::EventRow};
use serde_json::Value;

/// An event as pages show it.
pub(crate) fn shown(event: StoredEvent) -> EventRow {
    let role = |name: &str| {
        event
            .detail
            .get(name)
            .and_then(Value::as_str)
            .and_then(|role| role.parse::<Role>().ok())
    };
    let text = |name: &str| {
        let text = event.detail.get(name).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let (browser, system) = user_agent::label(&event.user_agent);
    EventRow {
        roles: role("from").zip(role("to")),
        reason: text("reason"),
        provider: text("provider"),
        times: event.detail.get("times").and_then(Value::as_i64),
        action: event.action,
        actor: event.actor,
        subject: event.subject,
        group: event.group,
        place: String::new(),
        client_ip: event.client_ip,
        browser: browser.to_owned(),
        system: system.to_owned(),
        occurred_at: event.occurred_at.timestamp(),
    }
}

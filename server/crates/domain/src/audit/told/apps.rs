//! Apps.

use super::Told;
use crate::{
    apps::{
        app::{App, SigningAlg},
        redirect_uri::RedirectUri,
    },
    audit::Action,
};
use iam_types::AppId;
use serde_json::json;

impl Told {
    /// An app was registered.
    pub fn app_created(app: &App) -> Self {
        let detail = json!({ "name": app.name.as_str(), "client_type": app.client_type.as_str() });
        Self::new(Action::AppCreated, app.id, detail)
    }

    /// An app's settings changed to these.
    pub fn app_updated(id: AppId, redirect_uris: &[RedirectUri], alg: SigningAlg) -> Self {
        let uris: Vec<_> = redirect_uris.iter().map(RedirectUri::as_str).collect();
        let detail = json!({ "redirect_uris": uris, "id_token_alg": alg.as_str() });
        Self::new(Action::AppUpdated, id, detail)
    }

    /// An app was shut off, which ended so many families of tokens.
    pub fn app_disabled(id: AppId, families: u64) -> Self {
        Self::new(Action::AppDisabled, id, json!({ "families": families }))
    }

    /// An app was let back in, which ended so many families of tokens.
    pub fn app_enabled(id: AppId, families: u64) -> Self {
        Self::new(Action::AppEnabled, id, json!({ "families": families }))
    }

    /// An app got a new secret.
    pub fn app_secret_rotated(id: AppId) -> Self {
        Self::bare(Action::AppSecretRotated, id)
    }
}

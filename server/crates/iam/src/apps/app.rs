//! Apps of a workspace: registering and integrating them.

use crate::{
    Ctx, IamError,
    apps::Apps,
    core::secret::{Secret, SecretKind},
    workspaces::enter::MemberTx,
};
use iam_domain::{
    apps::{
        app::{App, SigningAlg, parse_redirect_uris},
        client_type::ClientType,
    },
    audit::Told,
};
use iam_protocol::oidc::claims::app_audience;
use iam_types::{
    AppId, ErrorCode, Permission, SecretId, Slug,
    view::{AppCard, AppView, AppsView, Page},
};

/// A form that registers or changes an app.
#[derive(Debug)]
pub struct AppForm<'a> {
    /// Name for people.
    pub name: &'a str,
    /// One redirect URI a line.
    pub redirect_uris: &'a str,
    /// `RS256`, `ES256` or `EdDSA`.
    pub id_token_alg: &'a str,
}

/// How many apps a page of the list shows.
const PAGE_SIZE: usize = 50;

/// Whether people can sign in to an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppState {
    /// They can.
    Enabled,
    /// They cannot, and it gets no tokens.
    Disabled,
}

/// The app as pages show it.
pub(crate) fn card(app: &App) -> AppCard {
    AppCard {
        id: app.id,
        name: app.name.to_string(),
        client_type: app.client_type.to_string(),
        created_at: app.created_at.timestamp(),
        disabled: app.disabled_at.is_some(),
    }
}

impl Apps<'_> {
    /// A page of the workspace's apps whose names contain `search`, the newest first, from `before` on.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter).
    pub async fn list(
        self,
        ctx: &Ctx,
        slug: &Slug,
        search: &str,
        before: Option<AppId>,
    ) -> Result<AppsView, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::AppRead).await?;
        let rows = scope.tx.apps(search.trim(), before, PAGE_SIZE as i64 + 1).await?;
        let apps = Page::cut(rows, PAGE_SIZE, |app| app.id.to_string(), |app| card(&app));
        Ok(AppsView {
            workspace: scope.card(),
            apps,
            may_create: scope.may(Permission::AppCreate),
            now: self.core.now().timestamp(),
        })
    }

    /// An app's integration page.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`] for an app of another workspace.
    pub async fn get(self, ctx: &Ctx, slug: &Slug, id: AppId) -> Result<AppView, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::AppRead).await?;
        let app = scope.app(id).await?;
        let secret_hint = scope.tx.app_secret_hint(id).await?;
        let roles = scope.tx.roles().await?;
        Ok(AppView {
            workspace: scope.card(),
            roles: roles
                .iter()
                .filter(|role| role.app.as_ref().is_some_and(|(of, _)| *of == id))
                .map(|role| scope.role_card(role))
                .collect(),
            app: card(&app),
            issuer: self.core.issuer(slug),
            audience: app_audience(&self.core.issuer(slug), &id.to_string()),
            redirect_uris: app.redirect_uris.iter().map(ToString::to_string).collect(),
            id_token_alg: app.id_token_alg.to_string(),
            secret_hint,
            may_update: scope.may(Permission::AppUpdate),
        })
    }

    /// Registers an app. The secret of a confidential one is returned this once.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::InvalidName`] and what goes with it, [`ErrorCode::InvalidRedirectUri`], [`ErrorCode::InvalidInput`].
    pub async fn register(
        self,
        ctx: &Ctx,
        slug: &Slug,
        client_type: &str,
        form: AppForm<'_>,
    ) -> Result<(AppId, Option<Secret>), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::AppCreate).await?;
        let client_type: ClientType = client_type.parse()?;
        let app = App {
            id: AppId::from_uuid(self.core.new_uuid()),
            name: form.name.parse()?,
            client_type,
            id_token_alg: form.id_token_alg.parse()?,
            redirect_uris: parse_redirect_uris(form.redirect_uris, client_type)?,
            created_at: self.core.now(),
            disabled_at: None,
        };
        scope.lock_and_recheck(Permission::AppCreate).await?;
        scope.tx.insert_app(&app).await?;
        let secret = match client_type {
            ClientType::Confidential => Some(scope.give_secret(app.id).await?),
            ClientType::Public => None,
        };
        scope.ensure_key(app.id_token_alg).await?;
        scope.commit(Told::app_created(&app)).await?;
        Ok((app.id, secret))
    }

    /// Changes an app's name, redirect URIs and algorithm.
    ///
    /// # Errors
    /// As [`register`](Self::register).
    pub async fn update(self, ctx: &Ctx, slug: &Slug, id: AppId, form: AppForm<'_>) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::AppUpdate).await?;
        let app = scope.app(id).await?;
        let alg: SigningAlg = form.id_token_alg.parse()?;
        let uris = parse_redirect_uris(form.redirect_uris, app.client_type)?;
        scope.tx.update_app(id, &form.name.parse()?, alg, &uris).await?;
        scope.ensure_key(alg).await?;
        scope.commit(Told::app_updated(id, &uris, alg)).await
    }

    /// Shuts an app off or lets it back in. Sign-ins, refresh and userinfo obey at once, and what the app had or waited
    /// for ends for good: whoever shuts an app off since its secret or its tokens got out, and lets it back in with a new
    /// secret, does not let the old tokens back in. What members consented to stays.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`] for an app of another workspace.
    pub async fn set_state(self, ctx: &Ctx, slug: &Slug, id: AppId, state: AppState) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::AppUpdate).await?;
        let was_disabled = scope.app(id).await?.disabled_at.is_some();
        if was_disabled == (state == AppState::Disabled) {
            return Ok(());
        }
        let disabled_at = match state {
            AppState::Enabled => None,
            AppState::Disabled => Some(self.core.now()),
        };
        scope.tx.set_app_disabled_at(id, disabled_at).await?;
        // Both times: a code may have been under way when the app was shut off.
        let families = scope.tx.end_grants_of_app(id, self.core.now()).await?;
        let told = match state {
            AppState::Enabled => Told::app_enabled(id, families),
            AppState::Disabled => Told::app_disabled(id, families),
        };
        scope.commit(told).await
    }

    /// Gives a confidential app a new secret and kills the old one.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::InvalidInput`] for a public app.
    pub async fn rotate_secret(self, ctx: &Ctx, slug: &Slug, id: AppId) -> Result<Secret, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::AppUpdate).await?;
        if scope.app(id).await?.client_type == ClientType::Public {
            return Err(ErrorCode::InvalidInput.into());
        }
        let secret = scope.give_secret(id).await?;
        scope.commit(Told::app_secret_rotated(id)).await?;
        Ok(secret)
    }
}

impl MemberTx<'_> {
    /// Makes a key for `alg` if the workspace has none, and tells of it.
    async fn ensure_key(&mut self, alg: SigningAlg) -> Result<(), IamError> {
        let made = self.core.ensure_key(&mut self.tx, self.ctx, alg).await?;
        self.tell_made(made);
        Ok(())
    }

    async fn give_secret(&mut self, app_id: AppId) -> Result<Secret, IamError> {
        let secret = self.core.new_secret(SecretKind::ClientSecret);
        let text = secret.expose();
        let hint = text.get(text.len().saturating_sub(4)..).unwrap_or_default();
        let (id, now) = (SecretId::from_uuid(self.core.new_uuid()), self.core.now());
        self.tx
            .replace_app_secret(app_id, id, secret.hash(), hint, now)
            .await?;
        Ok(secret)
    }

    pub(crate) async fn app(&mut self, id: AppId) -> Result<App, IamError> {
        self.tx
            .app_even_disabled(id)
            .await?
            .ok_or(IamError::Refused(ErrorCode::NotFound))
    }
}

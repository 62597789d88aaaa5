//! Connecting providers, changing and disconnecting them: an owner's right, of the workspace or of the platform, that takes a recent
//! sign-in, since whoever runs a provider says who its people are.

use crate::{
    Ctx, IamError,
    audit::history::shown,
    connections::{ConnectionForm, Connections, begin::way_back, deciding_about},
    core::Core,
    workspaces::enter::MemberTx,
};
use iam_domain::{
    audit::Told,
    connections::{
        connection::{Connection, MOST, Preset, Settings},
        issuer::Issuer,
    },
};
use iam_types::{
    ConnectionId, ErrorCode, Permission, Slug,
    view::{ConnectionCard, ConnectionSettingsView, ConnectionView, ConnectionsView, NewConnectionView},
};

/// How many events a provider's page shows.
const EVENTS_SHOWN: i64 = 20;

impl Connections<'_> {
    /// The providers of a workspace, or of the platform.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter).
    pub async fn list(self, ctx: &Ctx, slug: &Slug) -> Result<ConnectionsView, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::ConnectionRead).await?;
        let connections = scope.tx.connections().await?;
        Ok(ConnectionsView {
            connections: connections.iter().map(card).collect(),
            may_update: scope.may(deciding_about(slug)),
            workspace: scope.card(),
            now: self.core.now().timestamp(),
        })
    }

    /// What somebody needs who connects one of the kind `preset`, or has not chosen yet.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter).
    pub async fn prepare(self, ctx: &Ctx, slug: &Slug, preset: &str) -> Result<NewConnectionView, IamError> {
        let mut scope = self.core.enter(ctx, slug, deciding_about(slug)).await?;
        let preset = preset.parse().unwrap_or(Preset::Oidc);
        Ok(NewConnectionView {
            redirect_uris: self.core.redirect_uris(ctx, slug, preset, &mut scope).await?,
            recent: scope.is_recent(),
            workspace: scope.card(),
        })
    }

    /// One provider. Its secret is shown to nobody.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`].
    pub async fn get(self, ctx: &Ctx, slug: &Slug, id: ConnectionId) -> Result<ConnectionView, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::ConnectionRead).await?;
        let connection = scope.tx.connection(id).await?.ok_or(ErrorCode::NotFound)?;
        let settings = &connection.settings;
        let events = if scope.may(Permission::AuditRead) {
            scope.tx.events_on(&id.to_string(), EVENTS_SHOWN).await?
        } else {
            Vec::new()
        };
        Ok(ConnectionView {
            events: events.into_iter().map(shown).collect(),
            now: self.core.now().timestamp(),
            settings: ConnectionSettingsView {
                client_id: settings.client_id.clone(),
                scopes: settings.scopes.join(" "),
                provisioning: settings.provisioning.to_string(),
                trusts_addresses: settings.trusts_addresses,
                tenants: settings.tenants.join(" "),
                domains: settings.domains.join(" "),
                everywhere: settings.everywhere,
                name_claim: settings.claims.name.as_str().to_owned(),
                address_claim: settings.claims.address.as_str().to_owned(),
            },
            connection: card(&connection),
            groups: scope.group_mapping_view(&connection).await?,
            redirect_uris: self
                .core
                .redirect_uris(ctx, slug, connection.preset, &mut scope)
                .await?,
            may_update: scope.may(deciding_about(slug)),
            recent: scope.is_recent(),
            workspace: scope.card(),
        })
    }

    /// Connects a provider of the kind `preset`, which what was typed as its `issuer` names.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::SignInAgain`]; [`ErrorCode::InvalidIssuer`], [`ErrorCode::InvalidInput`],
    /// [`ErrorCode::InvalidName`] and what goes with it; [`ErrorCode::NameTaken`], [`ErrorCode::TooMany`],
    /// [`ErrorCode::ServerConnected`]; [`ErrorCode::InvalidDomain`], [`ErrorCode::DomainUnproved`];
    /// [`ErrorCode::InvalidClaim`].
    pub async fn create(
        self,
        ctx: &Ctx,
        slug: &Slug,
        (preset, issuer): (&str, &str),
        form: ConnectionForm<'_>,
    ) -> Result<ConnectionId, IamError> {
        let mut scope = self.core.enter_to_connect(ctx, slug).await?;
        let preset: Preset = preset.parse()?;
        let id = ConnectionId::from_uuid(self.core.new_uuid());
        let secret = form.secret(preset)?.ok_or(ErrorCode::InvalidInput)?;
        let connection = Connection {
            id,
            preset,
            issuer: Issuer::of(preset, issuer)?,
            settings: form.settings(slug, preset)?,
            client_secret: self.core.seal_client_secret(id, &secret)?,
            created_at: self.core.now(),
            disabled_at: None,
            groups_claim: None,
        };
        let known = scope.tx.connections().await?;
        if known.len() >= MOST {
            return Err(ErrorCode::TooMany.into());
        }
        if preset.is_alone() && known.iter().any(|known| known.preset == preset) {
            return Err(ErrorCode::ServerConnected.into());
        }
        scope.tx.insert_connection(&connection).await?;
        scope.lead_to(id, &connection.settings).await?;
        scope.commit(Told::connection_created(&connection)).await?;
        Ok(id)
    }

    /// Changes a provider's settings.
    ///
    /// # Errors
    /// As [`create`](Self::create); [`ErrorCode::NotFound`].
    pub async fn update(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: ConnectionId,
        form: ConnectionForm<'_>,
    ) -> Result<(), IamError> {
        let mut scope = self.core.enter_to_connect(ctx, slug).await?;
        let known = scope.tx.connection(id).await?.ok_or(ErrorCode::NotFound)?;
        let settings = form.settings(slug, known.preset)?;
        let secret = match form.secret(known.preset)? {
            Some(secret) => Some(self.core.seal_client_secret(id, &secret)?),
            None => None,
        };
        let found = scope
            .tx
            .update_connection(id, &settings, secret.as_deref())
            .await?;
        if !found {
            return Err(ErrorCode::NotFound.into());
        }
        scope.lead_to(id, &settings).await?;
        if settings.narrows(&known.settings) {
            scope.tx.end_what_came_through(id, None, self.core.now()).await?;
        }
        let told = Told::connection_updated(id, &settings, secret.is_some());
        scope.commit(told).await
    }

    /// Lets people sign in through a provider, or nobody any more: then what came of it ends at once.
    ///
    /// # Errors
    /// As [`create`](Self::create); [`ErrorCode::NotFound`].
    pub async fn set_enabled(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: ConnectionId,
        enabled: bool,
    ) -> Result<(), IamError> {
        let mut scope = self.core.enter_to_connect(ctx, slug).await?;
        let (name, now) = (scope.connection_name(id).await?, self.core.now());
        if enabled {
            scope.require_given_held(id).await?;
        }
        let places = scope.tx.count_given_groups(id).await?;
        let disabled_at = (!enabled).then_some(now);
        if !scope.tx.set_connection_state(id, disabled_at).await? {
            return Ok(());
        }
        let told = if enabled {
            Told::connection_enabled(id, &name)
        } else {
            let sessions = scope.tx.end_what_came_through(id, None, now).await?;
            Told::connection_disabled(id, &name, sessions, places)
        };
        scope.commit(told).await
    }

    /// Disconnects a provider for good, with all that is linked there. Its name has to be typed.
    ///
    /// # Errors
    /// As [`create`](Self::create); [`ErrorCode::NotFound`], [`ErrorCode::ConfirmationWrong`].
    pub async fn delete(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: ConnectionId,
        confirmation: &str,
    ) -> Result<(), IamError> {
        let mut scope = self.core.enter_to_connect(ctx, slug).await?;
        let (name, now) = (scope.connection_name(id).await?, self.core.now());
        if confirmation.trim() != name {
            return Err(ErrorCode::ConfirmationWrong.into());
        }
        let places = scope.tx.count_given_groups(id).await?;
        // First shut, so that a sign-in under way is over before what came of it ends.
        scope.tx.set_connection_state(id, Some(now)).await?;
        let sessions = scope.tx.end_what_came_through(id, None, now).await?;
        if !scope.tx.delete_connection(id).await? {
            return Err(ErrorCode::NotFound.into());
        }
        scope
            .commit(Told::connection_deleted(id, &name, sessions, places))
            .await
    }
}

impl MemberTx<'_> {
    /// Leads people at the provider's domains to it. A domain that is not the workspace's is nobody's to speak for but operators'.
    async fn lead_to(&mut self, id: ConnectionId, settings: &Settings) -> Result<(), IamError> {
        if self.workspace.slug.is_platform() {
            return Ok(self.tx.set_kept_domains(id, &settings.domains).await?);
        }
        for domain in &settings.domains {
            if !self.tx.has_proved(domain).await? {
                return Err(ErrorCode::DomainUnproved.into());
            }
        }
        Ok(self
            .tx
            .set_sign_in_domains(id, &settings.domains, settings.everywhere)
            .await?)
    }

    async fn connection_name(&mut self, id: ConnectionId) -> Result<String, IamError> {
        let connection = self.tx.connection(id).await?.ok_or(ErrorCode::NotFound)?;
        Ok(connection.settings.name.to_string())
    }
}

impl Core {
    pub(super) async fn enter_to_connect<'a>(
        &'a self,
        ctx: &'a Ctx,
        slug: &Slug,
    ) -> Result<MemberTx<'a>, IamError> {
        let mut scope = self.enter_for_connections(ctx, slug).await?;
        scope.require_recent()?;
        scope.lock_and_recheck(deciding_about(slug)).await?;
        Ok(scope)
    }

    /// Enters as somebody who may decide about providers.
    pub(super) async fn enter_for_connections<'a>(
        &'a self,
        ctx: &'a Ctx,
        slug: &Slug,
    ) -> Result<MemberTx<'a>, IamError> {
        let scope = self.enter(ctx, slug, deciding_about(slug)).await?;
        // What a provider of the workspace vouched for must not decide about providers.
        scope.require_whole()?;
        Ok(scope)
    }

    /// Where providers are to send people back to, at each of the workspace's origins.
    async fn redirect_uris(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        preset: Preset,
        scope: &mut MemberTx<'_>,
    ) -> Result<Vec<String>, IamError> {
        let path = way_back(slug, preset);
        let mut uris = vec![format!("{}{path}", self.origin())];
        if slug.is_platform() {
            return Ok(uris);
        }
        if let Some(own) = &ctx.custom_domain {
            uris.push(format!("{}{path}", own.origin));
        } else if let Some(host) = scope.tx.host().await? {
            uris.push(format!("https://{host}{path}"));
        }
        Ok(uris)
    }

    fn seal_client_secret(&self, id: ConnectionId, secret: &str) -> Result<Vec<u8>, IamError> {
        let mut nonce = [0; 12];
        self.deps.entropy.fill(&mut nonce);
        let row = format!("client secret of {id}");
        Ok(self.deps.master_keys.seal(&row, secret.as_bytes(), nonce)?)
    }

    pub(super) fn open_client_secret(&self, id: ConnectionId, sealed: &[u8]) -> Result<String, IamError> {
        let plain = self
            .deps
            .master_keys
            .open(&format!("client secret of {id}"), sealed)?;
        String::from_utf8(plain.to_vec()).map_err(|_| IamError::Fault("client secret"))
    }
}

pub(super) fn card(connection: &Connection) -> ConnectionCard {
    ConnectionCard {
        id: connection.id,
        name: connection.settings.name.to_string(),
        preset: connection.preset.to_string(),
        issuer: connection.issuer.to_string(),
        created_at: connection.created_at.timestamp(),
        disabled: connection.disabled_at.is_some(),
    }
}

//! The way to a provider.

use crate::{
    Ctx, IamError,
    connections::{Connections, link::code_of},
    core::{
        Core,
        limits::Limit,
        secret::{Secret, SecretKind},
        upstream::Ties,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use iam_domain::{
    account::email::Email,
    audit::{ConnectionRefusal, Told},
    connections::{
        attempt::{Attempt, LIFETIME, Purpose},
        connection::{Connection, Preset},
    },
    sign_in::email_challenge::ReturnTo,
};
use iam_store::{WorkspaceTx, audit::event::Unlogged};
use iam_types::{AuthorizationId, ConnectionAttemptId, ConnectionId, ErrorCode, Slug, paths};

/// What somebody wants who goes to a provider to sign in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// The workspace at whose login page they are; none at the platform's.
    pub at: Option<&'a Slug>,
    /// The app's request that waits there.
    pub authorization_id: Option<AuthorizationId>,
    /// The address that they typed, or that the app named, which the provider is told.
    pub hint: &'a str,
}

/// A sign-in at a provider that begins.
pub struct Begun {
    /// Where the browser goes.
    pub url: String,
    /// The cookie that ties it to this browser.
    pub browser: Secret,
}

impl Connections<'_> {
    /// Sends somebody to a provider of the workspace, or of the platform, to sign in on the way to where they wanted to go: those of
    /// the platform lead back to any workspace.
    ///
    /// # Errors
    /// [`ErrorCode::RateLimited`], [`ErrorCode::NotFound`], also for the platform's at a workspace's own host; [`ErrorCode::AuthorizationExpired`] when the app's request does not wait
    /// here; [`ErrorCode::ConnectionExpired`] where nobody signs in through it; [`ErrorCode::ConnectionFailed`].
    pub async fn begin(
        self,
        ctx: &Ctx,
        slug: &Slug,
        id: ConnectionId,
        wanted: Wanted<'_>,
    ) -> Result<Begun, IamError> {
        require_offered(ctx, slug)?;
        self.core.limit(Limit::ConnectionBegin, &ctx.network()).await?;
        let at = if slug.is_platform() { wanted.at } else { Some(slug) };
        let return_to = self.core.return_to(ctx, at, wanted.authorization_id).await?;
        let what_for = (Purpose::SignIn, return_to, wanted.hint.parse().ok());
        self.core.send_to_provider(ctx, slug, id, what_for).await
    }

    /// Sends a member to a provider, or anybody to one of the platform, to link their account with who they are there.
    ///
    /// # Errors
    /// As [`begin`](Self::begin); [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`].
    pub async fn begin_linking(self, ctx: &Ctx, slug: &Slug, id: ConnectionId) -> Result<Begun, IamError> {
        let actor = ctx.actor()?;
        self.core.require_account_change(actor).await?;
        self.core.limit(Limit::ConnectionBegin, &ctx.network()).await?;
        if !slug.is_platform() {
            drop(self.core.enter_as_member(ctx, slug).await?);
        }
        let what_for = (Purpose::Link(actor.session.id), ReturnTo::default(), None);
        self.core.send_to_provider(ctx, slug, id, what_for).await
    }
}

impl Core {
    async fn send_to_provider(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        id: ConnectionId,
        what_for: (Purpose, ReturnTo, Option<Email>),
    ) -> Result<Begun, IamError> {
        let connection = self.in_workspace_behind(slug).await?.connection(id).await?;
        let connection = connection.filter(|connection| connection.disabled_at.is_none());
        let connection = connection.ok_or(ErrorCode::ConnectionExpired)?;
        let (attempt, begun) = self.way_to_provider(ctx, slug, &connection, what_for).await;
        match begun {
            Ok(begun) => self.keep_attempt(ctx, slug, &attempt, begun).await,
            Err(refusal) => self.refuse_beginning(ctx, slug, &connection, refusal).await,
        }
    }

    /// A sign-in that can begin, and the way there. Nothing is kept of it yet, since no transaction waits for a provider.
    pub(super) async fn way_to_provider(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        connection: &Connection,
        (purpose, return_to, hint): (Purpose, ReturnTo, Option<Email>),
    ) -> (Attempt, Result<Begun, ConnectionRefusal>) {
        let (now, browser) = (self.now(), self.browser_secret(ctx));
        let state = self.new_secret(SecretKind::ConnectionState);
        let attempt = Attempt {
            id: ConnectionAttemptId::from_uuid(self.new_uuid()),
            connection_id: connection.id,
            purpose,
            state_hash: *state.hash(),
            browser_hash: *browser.hash(),
            return_to,
            created_at: now,
            expires_at: now + LIFETIME,
            consumed_at: None,
            failed_at: None,
            returned: None,
            challenge_id: None,
        };
        let redirect_uri = self.redirect_uri(ctx, slug, connection.preset);
        let url = self.upstream(connection).await.and_then(|upstream| {
            let ties = self.ties(attempt.id, &redirect_uri);
            upstream.authorize_url(connection, (state.expose(), hint.as_ref()), &ties)
        });
        (attempt, url.map(|url| Begun { url, browser }))
    }

    pub(super) async fn keep_attempt(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        attempt: &Attempt,
        begun: Begun,
    ) -> Result<Begun, IamError> {
        let mut tx = self.in_workspace_behind(slug).await?;
        tx.insert_attempt(attempt, &ctx.here()).await?;
        self.under_way(tx).await?;
        Ok(begun)
    }

    /// Makes it last that a sign-in is at a provider, or was.
    pub(super) async fn under_way(&self, tx: WorkspaceTx) -> Result<(), IamError> {
        Ok(tx.commit_unlogged(Unlogged::AtProvider).await?)
    }

    async fn refuse_beginning(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        connection: &Connection,
        refusal: ConnectionRefusal,
    ) -> Result<Begun, IamError> {
        let tx = self.in_workspace_behind(slug).await?;
        let told = Told::connection_refused(connection.id, connection.settings.name.as_str(), refusal);
        self.refuse(tx, ctx.acting(), told, code_of(refusal)).await
    }

    /// Where providers of the workspace send people back to: each workspace's own, and the platform's, so that none answers for another's.
    pub(crate) fn redirect_uri(&self, ctx: &Ctx, slug: &Slug, preset: Preset) -> String {
        format!("{}{}", self.origin_for(ctx), way_back(slug, preset))
    }

    /// What ties a sign-in to what comes back. It is derived: nobody finds it in the database, nor from what the provider is told.
    pub(crate) fn ties<'a>(&self, id: ConnectionAttemptId, redirect_uri: &'a str) -> Ties<'a> {
        let derived = |purpose| {
            let hash = self.deps.master_keys.hash(purpose, id.uuid().as_bytes());
            URL_SAFE_NO_PAD.encode(hash)
        };
        Ties {
            redirect_uri,
            verifier: derived("connection verifier"),
            nonce: derived("connection nonce"),
        }
    }
}

/// That a provider is offered where the request came to: the platform's are not at a workspace's own host, whose owner reads what comes
/// back there.
pub(super) fn require_offered(ctx: &Ctx, slug: &Slug) -> Result<(), IamError> {
    if slug.is_platform() && ctx.custom_domain.is_some() {
        Err(ErrorCode::NotFound.into())
    } else {
        Ok(())
    }
}

/// Where a provider of a kind sends people back to, below the origin.
pub(super) fn way_back(slug: &Slug, preset: Preset) -> String {
    match preset {
        Preset::Apple => paths::apple_answer(slug),
        _ => paths::connection_callback(slug, preset.callback()),
    }
}

//! Sign-in by mail.

use crate::{
    Ctx, IamError,
    core::{
        Core,
        secret::{Secret, SecretKind},
    },
    ctx::Acting,
    sign_in::{
        SignIn,
        arrival::{Arrival, SignInStep},
    },
};
use chrono::{DateTime, Utc};
use iam_domain::{
    account::pasted::parse_pasted,
    audit::{ChallengeRefusal, Told},
    core::{origin::Bound, secret_hash::SecretHash},
    sign_in::email_challenge::{EmailChallenge, LIFETIME, Progress, ReturnTo},
};
use iam_store::WorkspaceTx;
use iam_types::{AuthorizationId, EmailChallengeId, ErrorCode, Slug, WorkspaceId};
use subtle::ConstantTimeEq;

/// A mail under way.
pub struct Asked {
    /// The challenge, which the page that waits for the code names.
    pub id: EmailChallengeId,
    /// The cookie that ties the challenge to this browser.
    pub browser: Secret,
}

/// A challenge that this browser waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingChallenge {
    /// Which one.
    pub id: EmailChallengeId,
    /// Whose address it proves.
    pub address: String,
    /// Whether its mail could not be delivered. Only the browser that asked is told.
    pub undelivered: bool,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// Where to ask again without losing the way.
    pub retry: Retry,
    /// The provider that whoever proves the address is linked with, if it was asked for there.
    pub linking: Option<String>,
}

/// The login page that somebody came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retry {
    /// Its workspace, none for the platform.
    pub slug: Option<Slug>,
    /// The app's request.
    pub authorization_id: Option<AuthorizationId>,
}

/// What a link page may tell before anything is used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    /// It can be confirmed here.
    Ready(PendingChallenge),
    /// It was asked for in another browser.
    OtherBrowser(Retry),
    /// It was used, and whoever used it is signed in.
    Done(Arrival),
}

/// What a page that asks for a code may tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeState {
    /// A mail is on its way.
    Waiting(PendingChallenge),
    /// It was used, and whoever used it is signed in.
    Done(Arrival),
    /// This browser waits for nothing.
    Nothing,
}

impl SignIn<'_> {
    /// Sends a link and a code to `address`, whether or not anybody is known there. Both count where they were asked for
    /// and in the browser that asked, and the link leads there. The `toll` may be empty. Unless they want it `by_mail`, people at a
    /// domain that leads to a provider are told so, whether or not anybody is known there.
    ///
    /// # Errors
    /// [`ErrorCode::SignInByConnection`]; [`ErrorCode::InvalidEmail`], [`ErrorCode::RateLimited`], [`ErrorCode::NotFound`] for an unknown workspace;
    /// [`ErrorCode::InvalidInput`] for a request of no workspace; [`ErrorCode::AuthorizationExpired`] when the app's request
    /// does not wait here.
    pub async fn request_email(
        self,
        ctx: &Ctx,
        address: &str,
        slug: Option<&Slug>,
        authorization_id: Option<AuthorizationId>,
        toll: &str,
        by_mail: bool,
    ) -> Result<Asked, IamError> {
        let address = parse_pasted(address)?;
        if !by_mail && self.core.home_of(ctx, slug, &address).await?.is_some() {
            return Err(ErrorCode::SignInByConnection.into());
        }
        let slug = ctx.custom_domain.as_ref().map(|own| &own.slug).or(slug);
        self.core.limit_sign_in_mail(ctx, &address, toll).await?;
        let return_to = self.core.return_to(ctx, slug, authorization_id).await?;
        self.core.ask_by_mail(ctx, &address, return_to, None).await
    }

    /// Looks at a link without using it up, for the confirmation page: mail scanners follow links too.
    ///
    /// # Errors
    /// [`ErrorCode::LinkInvalid`], [`ErrorCode::LinkReplaced`].
    pub async fn inspect_link(self, ctx: &Ctx, token: &str) -> Result<LinkState, IamError> {
        let link = self.core.find_link(token).await?;
        let link = link.at(&ctx.here()).ok_or(ErrorCode::LinkInvalid)?;
        if let Some(arrival) = self.core.arrived(ctx, &link).await? {
            return Ok(LinkState::Done(arrival));
        }
        if !link.is_open(self.core.now()) && !link.can_be_repeated(self.core.now()) {
            return Err(ended(&link));
        }
        let pending = self.core.pending(&link).await?;
        Ok(if self.core.asked_here(ctx, &link) {
            LinkState::Ready(pending)
        } else {
            LinkState::OtherBrowser(pending.retry)
        })
    }

    /// What became of the challenge `id` of this browser, or of the latest that it asked for here.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn code_state(self, ctx: &Ctx, id: Option<EmailChallengeId>) -> Result<CodeState, IamError> {
        let Some(link) = self.core.own_challenge(ctx, id).await? else {
            return Ok(CodeState::Nothing);
        };
        if let Some(arrival) = self.core.arrived(ctx, &link).await? {
            return Ok(CodeState::Done(arrival));
        }
        Ok(
            if link.is_open(self.core.now()) || link.can_be_repeated(self.core.now()) {
                CodeState::Waiting(self.core.pending(&link).await?)
            } else {
                CodeState::Nothing
            },
        )
    }

    /// Signs in with a link.
    ///
    /// # Errors
    /// [`ErrorCode::LinkInvalid`], also where it was not asked for; [`ErrorCode::LinkReplaced`],
    /// [`ErrorCode::LinkOtherBrowser`].
    pub async fn redeem_link(self, ctx: &Ctx, token: &str) -> Result<SignInStep, IamError> {
        self.core.limit_code_try(ctx).await?;
        let bound = self.core.find_link(token).await?;
        let told = bound.for_the_log().clone();
        let Some(link) = bound.at(&ctx.here()) else {
            let tx = self.core.at_challenge(&told).await?;
            let told = Told::magic_link_refused(told.id, ChallengeRefusal::OtherOrigin);
            let (acting, code) = (Acting::Unknown(ctx), ErrorCode::LinkInvalid);
            return self.core.refuse(tx, acting, told, code).await;
        };
        if !self.core.asked_here(ctx, &link) {
            if link.is_open(self.core.now()) {
                let tx = self.core.at_challenge(&link).await?;
                let told = Told::magic_link_refused(link.id, ChallengeRefusal::OtherBrowser);
                let (acting, code) = (Acting::Unknown(ctx), ErrorCode::LinkOtherBrowser);
                return self.core.refuse(tx, acting, told, code).await;
            }
            return Err(ended(&link));
        }
        let tx = self.core.at_challenge(&link).await?;
        self.core.finish(tx, ctx, link).await
    }
}

impl Core {
    /// The workspace that a sign-in mail is for, of which somebody holds the link or has just asked in this browser,
    /// however it ended.
    pub(crate) async fn sign_in_place(
        &self,
        ctx: &Ctx,
        token: &str,
    ) -> Result<Option<WorkspaceId>, IamError> {
        let here = ctx.here();
        let store = &self.deps.store;
        let browser = ctx.browser.as_deref().unwrap_or_default();
        let link = match self.hash_secret(SecretKind::MagicLink, token) {
            Some(hash) => store.challenge_by_link(&hash).await?,
            None => match self.hash_secret(SecretKind::Browser, browser) {
                Some(hash) => store.latest_challenge_of(&hash, &here).await?,
                None => None,
            },
        };
        Ok(link
            .and_then(|link| link.at(&here))
            .and_then(|link| link.return_to.workspace_id))
    }

    /// Where a sign-in that begins here is to lead.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for an unknown workspace; [`ErrorCode::InvalidInput`] for a request of no workspace;
    /// [`ErrorCode::AuthorizationExpired`] when the app's request does not wait here.
    pub(crate) async fn return_to(
        &self,
        ctx: &Ctx,
        slug: Option<&Slug>,
        authorization_id: Option<AuthorizationId>,
    ) -> Result<ReturnTo, IamError> {
        let Some(slug) = slug else {
            return match authorization_id {
                // An app's request is always at its workspace.
                Some(_) => Err(ErrorCode::InvalidInput.into()),
                None => Ok(ReturnTo::default()),
            };
        };
        let return_to = ReturnTo {
            workspace_id: Some(self.workspace_id(slug).await?),
            authorization_id,
        };
        self.require_waiting(ctx, return_to).await?;
        Ok(return_to)
    }

    /// That the app's request still waits here which a sign-in is to lead to, if it leads to one.
    ///
    /// # Errors
    /// [`ErrorCode::AuthorizationExpired`].
    pub(crate) async fn require_waiting(&self, ctx: &Ctx, return_to: ReturnTo) -> Result<(), IamError> {
        let Some(id) = return_to.authorization_id else {
            return Ok(());
        };
        let mut tx = self.deps.store.in_workspace(return_to.place()).await?;
        let request = tx.authorization(id).await?;
        request
            .and_then(|request| request.at(&ctx.here()))
            .filter(|request| request.is_open(self.now()))
            .ok_or(ErrorCode::AuthorizationExpired)?;
        Ok(())
    }

    /// The cookie of this browser: the one that it has, or a new one.
    pub(crate) fn browser_secret(&self, ctx: &Ctx) -> Secret {
        let known = ctx
            .browser
            .as_deref()
            .and_then(|known| self.presented_secret(SecretKind::Browser, known));
        known.unwrap_or_else(|| self.new_secret(SecretKind::Browser))
    }

    async fn find_link(&self, token: &str) -> Result<Bound<EmailChallenge>, IamError> {
        let invalid = IamError::Refused(ErrorCode::LinkInvalid);
        let Some(hash) = self.hash_secret(SecretKind::MagicLink, token) else {
            return Err(invalid);
        };
        self.deps.store.challenge_by_link(&hash).await?.ok_or(invalid)
    }

    /// A challenge that this browser asked for here.
    pub(crate) async fn own_challenge(
        &self,
        ctx: &Ctx,
        id: Option<EmailChallengeId>,
    ) -> Result<Option<EmailChallenge>, IamError> {
        let Some(browser) = self.browser_hash(ctx) else {
            return Ok(None);
        };
        let (store, here) = (&self.deps.store, ctx.here());
        let link = match id {
            Some(id) => store.email_challenge(id).await?,
            None => store.latest_challenge_of(&browser, &here).await?,
        };
        let link = link.and_then(|link| link.at(&here));
        Ok(link.filter(|link| self.asked_here(ctx, link)))
    }

    async fn pending(&self, link: &EmailChallenge) -> Result<PendingChallenge, IamError> {
        let slug = match link.return_to.workspace_id {
            Some(id) => Some(self.deps.store.in_workspace(id).await?.workspace().await?.slug),
            None => None,
        };
        let linking = match link.attempt_id {
            Some(attempt) => self.linking_at(self.at_challenge(link).await?, attempt).await?,
            None => None,
        };
        Ok(PendingChallenge {
            linking,
            id: link.id,
            address: link.address.to_string(),
            asked_at: link.expires_at - LIFETIME,
            undelivered: self.deps.store.mail_failed(link.id.uuid()).await?,
            retry: Retry {
                slug,
                authorization_id: link.return_to.authorization_id,
            },
        })
    }

    /// What the cookie of this browser comes to, if it is one of ours.
    pub(crate) fn browser_hash(&self, ctx: &Ctx) -> Option<SecretHash> {
        self.hash_secret(SecretKind::Browser, ctx.browser.as_deref()?)
    }

    fn asked_here(&self, ctx: &Ctx, link: &EmailChallenge) -> bool {
        self.browser_hash(ctx)
            .is_some_and(|hash| hash.ct_eq(&link.browser_hash).into())
    }

    /// A transaction where a challenge leads to, whose log is told what becomes of it.
    pub(crate) async fn at_challenge(&self, link: &EmailChallenge) -> Result<WorkspaceTx, IamError> {
        Ok(self.deps.store.in_workspace(link.return_to.place()).await?)
    }

    pub(crate) fn hash_code(&self, id: EmailChallengeId, code: &str) -> SecretHash {
        let text = format!("{id}{code}");
        SecretHash::new(self.deps.master_keys.hash("code", text.as_bytes()))
    }

    /// A stable stand-in for an address in keys, logs and events.
    pub(crate) fn pseudonym(&self, address: &str) -> String {
        let hash = self.deps.master_keys.hash("address", address.as_bytes());
        hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Why a challenge cannot be redeemed any more.
pub(crate) fn ended(link: &EmailChallenge) -> IamError {
    match link.progress {
        Progress::Replaced => ErrorCode::LinkReplaced,
        Progress::Open | Progress::Redeemed(_) => ErrorCode::LinkInvalid,
    }
    .into()
}

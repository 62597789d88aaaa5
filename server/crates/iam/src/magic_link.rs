//! Sign-in by mail.

use crate::{
    Ctx, Iam, IamError,
    port::{MagicLinkMail, Mail, MailBrand},
    secret::{Secret, SecretKind},
};
use iam_domain::{
    audit::Action,
    email::Email,
    magic_link::{CODE_ATTEMPTS, Errand, LIFETIME, MagicLink},
    user_agent,
};
use iam_store::{cache::Quota, people::Found};
use iam_types::{AuthorizationId, ErrorCode, MagicLinkId, Slug, UserId, WorkspaceId};
use serde_json::json;
use std::{num::NonZeroU32, time::Duration};
use subtle::ConstantTimeEq;

const PER_ADDRESS: Quota = Quota {
    name: "mail-address",
    burst: NonZeroU32::new(5).unwrap(),
    period: Duration::from_secs(180),
};
const PER_NETWORK: Quota = Quota {
    name: "mail-network",
    burst: NonZeroU32::new(30).unwrap(),
    period: Duration::from_secs(20),
};
const CODE_PER_NETWORK: Quota = Quota {
    name: "code-network",
    burst: NonZeroU32::new(30).unwrap(),
    period: Duration::from_secs(20),
};

/// A finished sign-in.
pub struct SignedIn {
    /// The new session's cookie value.
    pub session: Secret,
    /// Where the person wanted to go.
    pub errand: Errand,
    /// The slug of the errand's workspace.
    pub slug: Option<Slug>,
    /// Whether the person is a member there.
    pub is_member: bool,
}

/// A challenge that this browser waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited {
    /// Whose address it proves.
    pub address: String,
    /// Where the person wants to go.
    pub errand: Errand,
}

/// What a link page may tell before anything is used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    /// It can be confirmed here.
    Ready(Awaited),
    /// It was asked for in another browser.
    OtherBrowser,
}

impl Iam {
    /// Sends a link and a code to `address`, whether or not anybody is known there. Returns the cookie that ties both
    /// to this browser: the one it has, or a new one.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidEmail`], [`ErrorCode::RateLimited`], [`ErrorCode::NotFound`] for an unknown workspace.
    pub async fn request_magic_link(
        &self,
        ctx: &Ctx,
        address: &str,
        slug: Option<&Slug>,
        authorization_id: Option<AuthorizationId>,
    ) -> Result<Secret, IamError> {
        let address: Email = address.parse()?;
        let slug = ctx.own_host.as_ref().map(|own| &own.slug).or(slug);
        self.limit(PER_NETWORK, &ctx.network()).await?;
        self.limit(PER_ADDRESS, &self.pseudonym(address.as_str())).await?;
        let workspace_id = match slug {
            Some(slug) => Some(self.workspace_id(slug).await?),
            None => None,
        };
        let browser = match ctx
            .browser
            .as_deref()
            .filter(|b| self.hash_secret(SecretKind::Browser, b).is_some())
        {
            Some(known) => Secret::from_cookie(known),
            None => self.new_secret(SecretKind::Browser),
        };
        let fault = || IamError::Fault("magic link secret");
        let now = self.now();
        let id = MagicLinkId::from_uuid(self.new_uuid());
        let (token, code) = (self.new_secret(SecretKind::MagicLink), self.new_code());
        let link = MagicLink {
            id,
            address: address.clone(),
            errand: Errand {
                workspace_id,
                authorization_id,
            },
            code_hash: self.hash_code(id, &code),
            browser_hash: self
                .hash_secret(SecretKind::Browser, browser.expose())
                .ok_or_else(fault)?,
            expires_at: now + LIFETIME,
            code_attempts: 0,
            ended: false,
        };
        let link_hash = self
            .hash_secret(SecretKind::MagicLink, token.expose())
            .ok_or_else(fault)?;
        let mut tx = self
            .parts
            .store
            .in_workspace(workspace_id.unwrap_or(WorkspaceId::PLATFORM))
            .await?;
        let (workspace, brand) = if slug.is_some() {
            (Some(tx.workspace().await?.name), self.mail_brand(&mut tx).await?)
        } else {
            (None, MailBrand::default())
        };
        tx.insert_magic_link(&link, &link_hash, now).await?;
        let (name, system) = user_agent::label(&ctx.user_agent);
        let mail = Mail::MagicLink(MagicLinkMail {
            to: address.to_string(),
            locale: ctx.locale.clone(),
            workspace,
            brand,
            url: format!("{}/login/verify?token={}", self.origin_for(ctx), token.expose()),
            code,
            asked_by: [name, system]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(", "),
        });
        self.enqueue(&mut tx, &mail, link.expires_at).await?;
        self.audit(
            &mut tx,
            ctx,
            None,
            Action::MagicLinkRequested,
            id,
            json!({ "address": self.pseudonym(address.as_str()) }),
        )
        .await?;
        tx.commit().await?;
        self.mail_waiting.notify_one();
        Ok(browser)
    }

    /// Looks at a link without using it up, for the confirmation page: mail scanners follow links too.
    ///
    /// # Errors
    /// [`ErrorCode::LinkInvalid`].
    pub async fn inspect_magic_link(&self, ctx: &Ctx, token: &str) -> Result<LinkState, IamError> {
        let link = self.open_link(token).await?;
        Ok(if self.asked_here(ctx, &link) {
            LinkState::Ready(Awaited {
                address: link.address.to_string(),
                errand: link.errand,
            })
        } else {
            LinkState::OtherBrowser
        })
    }

    /// The challenge this browser asked for last, while it is open.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn awaited_magic_link(&self, ctx: &Ctx) -> Result<Option<Awaited>, IamError> {
        let Some(browser) = ctx
            .browser
            .as_deref()
            .and_then(|b| self.hash_secret(SecretKind::Browser, b))
        else {
            return Ok(None);
        };
        let link = self
            .parts
            .store
            .latest_magic_link_of(&browser)
            .await?
            .filter(|link| link.is_open(self.now()));
        Ok(link.map(|link| Awaited {
            address: link.address.to_string(),
            errand: link.errand,
        }))
    }

    /// Signs in with a link.
    ///
    /// # Errors
    /// [`ErrorCode::LinkInvalid`], [`ErrorCode::LinkOtherBrowser`].
    pub async fn redeem_magic_link(&self, ctx: &Ctx, token: &str) -> Result<SignedIn, IamError> {
        let link = self.open_link(token).await?;
        if !self.asked_here(ctx, &link) {
            self.audit_refusal(ctx, &link, "other_browser").await?;
            return Err(ErrorCode::LinkOtherBrowser.into());
        }
        self.finish(ctx, link).await
    }

    /// Signs in with the six digits of the latest mail this browser asked for.
    ///
    /// # Errors
    /// [`ErrorCode::CodeWrong`], [`ErrorCode::CodeSpent`], [`ErrorCode::LinkInvalid`], [`ErrorCode::RateLimited`].
    pub async fn redeem_code(&self, ctx: &Ctx, code: &str) -> Result<SignedIn, IamError> {
        self.limit(CODE_PER_NETWORK, &ctx.network()).await?;
        let invalid = IamError::Refused(ErrorCode::LinkInvalid);
        let Some(browser) = ctx
            .browser
            .as_deref()
            .and_then(|b| self.hash_secret(SecretKind::Browser, b))
        else {
            return Err(invalid);
        };
        let link = self
            .parts
            .store
            .latest_magic_link_of(&browser)
            .await?
            .ok_or(invalid)?;
        if link.code_attempts >= CODE_ATTEMPTS {
            return Err(ErrorCode::CodeSpent.into());
        }
        if !link.is_open(self.now()) {
            return Err(ErrorCode::LinkInvalid.into());
        }
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let right = bool::from(self.hash_code(link.id, &digits).ct_eq(&link.code_hash));
        if !self
            .parts
            .store
            .spend_code_attempt(link.id, CODE_ATTEMPTS)
            .await?
        {
            return Err(ErrorCode::CodeSpent.into());
        }
        if !right {
            self.audit_refusal(ctx, &link, "wrong_code").await?;
            let last = link.code_attempts + 1 >= CODE_ATTEMPTS;
            return Err(if last {
                ErrorCode::CodeSpent
            } else {
                ErrorCode::CodeWrong
            }
            .into());
        }
        self.finish(ctx, link).await
    }

    async fn finish(&self, ctx: &Ctx, link: MagicLink) -> Result<SignedIn, IamError> {
        let now = self.now();
        if ctx
            .own_host
            .as_ref()
            .is_some_and(|own| link.errand.workspace_id != Some(own.id))
        {
            return Err(ErrorCode::LinkInvalid.into());
        }
        let mut tx = self
            .parts
            .store
            .in_workspace(link.errand.workspace_id.unwrap_or(WorkspaceId::PLATFORM))
            .await?;
        if !tx.consume_magic_link(link.id, now).await? {
            return Err(ErrorCode::LinkInvalid.into());
        }
        let user_id = match tx
            .find_or_create_person(&link.address, UserId::from_uuid(self.new_uuid()), now)
            .await?
        {
            Found::Known(id) => id,
            Found::New(id) => {
                self.audit(&mut tx, ctx, Some(id), Action::UserCreated, id, json!({}))
                    .await?;
                id
            }
            // The same words as for a dead link: a stranger learns nothing about the account.
            Found::Disabled => return Err(ErrorCode::LinkInvalid.into()),
        };
        let session = self.start_session(&mut tx, ctx, user_id, &["email"]).await?;
        let (slug, is_member) = match link.errand.workspace_id {
            Some(_) => (
                Some(tx.workspace().await?.slug),
                tx.role_of(user_id).await?.is_some(),
            ),
            None => (None, false),
        };
        tx.commit().await?;
        Ok(SignedIn {
            session,
            errand: link.errand,
            slug,
            is_member,
        })
    }

    async fn open_link(&self, token: &str) -> Result<MagicLink, IamError> {
        let invalid = IamError::Refused(ErrorCode::LinkInvalid);
        let Some(hash) = self.hash_secret(SecretKind::MagicLink, token) else {
            return Err(invalid);
        };
        let link = self.parts.store.magic_link_by_hash(&hash).await?;
        link.filter(|link| link.is_open(self.now())).ok_or(invalid)
    }

    fn asked_here(&self, ctx: &Ctx, link: &MagicLink) -> bool {
        ctx.browser
            .as_deref()
            .and_then(|browser| self.hash_secret(SecretKind::Browser, browser))
            .is_some_and(|hash| hash.ct_eq(&link.browser_hash).into())
    }

    async fn audit_refusal(&self, ctx: &Ctx, link: &MagicLink, reason: &str) -> Result<(), IamError> {
        let mut tx = self
            .parts
            .store
            .in_workspace(link.errand.workspace_id.unwrap_or(WorkspaceId::PLATFORM))
            .await?;
        self.audit(
            &mut tx,
            ctx,
            None,
            Action::MagicLinkRefused,
            link.id,
            json!({ "reason": reason }),
        )
        .await?;
        Ok(tx.commit().await?)
    }

    fn hash_code(&self, id: MagicLinkId, code: &str) -> [u8; 32] {
        self.parts
            .master_keys
            .hash("code", format!("{id}{code}").as_bytes())
    }

    /// A stable stand-in for an address in keys, logs and events.
    pub(crate) fn pseudonym(&self, address: &str) -> String {
        let hash = self.parts.master_keys.hash("address", address.as_bytes());
        hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

//! Mail: into the outbox, sealed, in the transaction that causes it; and out of it again.

mod worker;

use crate::{
    Ctx, IamError,
    core::{Core, limits::Limit},
    port::{Mail, Notice, NoticeMail, Outgoing, SecurityChange, SecurityMail},
};
use chrono::{DateTime, TimeDelta, Utc};
use iam_domain::sign_in::user_agent;
use iam_store::{
    WorkspaceTx,
    outbox::{ClaimedMail, NewMail},
};
use iam_types::{MailId, paths};
use uuid::Uuid;

/// For how long a mail about somebody's account is tried to be sent.
pub(crate) const WARNING_KEPT: TimeDelta = TimeDelta::days(3);

/// A mail about the workspace, to be told to some people.
pub(crate) struct Telling<'a> {
    /// What happened.
    pub notice: Notice,
    /// Address of who caused it, empty if nobody did.
    pub by: &'a str,
    /// What it is about, if that can end before the mail has left.
    pub about: Option<Uuid>,
    /// From when on it is of no use.
    pub expires_at: DateTime<Utc>,
}

impl Core {
    /// Puts a mail into the outbox, sealed, in the language of its receiver where they chose one. After `expires_at` it does not leave any more.
    pub(crate) async fn enqueue(
        &self,
        tx: &mut WorkspaceTx,
        mail: &Mail,
        about: Option<Uuid>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), IamError> {
        let id = MailId::from_uuid(self.new_uuid());
        let mail = &mail.clone().spoken(tx.preferences_at(mail.to()).await?);
        let plain = match mail {
            Mail::MagicLink(mail) => serde_json::to_vec(mail),
            Mail::Address(mail) => serde_json::to_vec(mail),
            Mail::Invitation(mail) => serde_json::to_vec(mail),
            Mail::Notice(mail) => serde_json::to_vec(mail),
            Mail::Security(mail) => serde_json::to_vec(mail),
        }
        .map_err(|_| IamError::Fault("mail encoding"))?;
        let mut nonce = [0; 12];
        self.deps.entropy.fill(&mut nonce);
        let payload = self.deps.master_keys.seal(&id.to_string(), &plain, nonce)?;
        let domain = mail.to().rsplit_once('@').map_or("", |(_, domain)| domain);
        let new = NewMail {
            id,
            kind: mail.kind(),
            lane: mail.lane(),
            receiver: &self.pseudonym(domain),
            about,
            payload: &payload,
            expires_at,
        };
        tx.enqueue_mail(new, self.now()).await?;
        Ok(())
    }

    /// Tells each of `receivers` what happened in the workspace. The same news again and again is no news: beyond some
    /// it stays unsaid.
    pub(crate) async fn notify(
        &self,
        tx: &mut WorkspaceTx,
        locale: &str,
        receivers: Vec<String>,
        what: Telling<'_>,
    ) -> Result<(), IamError> {
        let (workspace, brand) = (tx.workspace().await?, self.mail_brand(tx).await?);
        let url = format!("{}{}", self.origin(), what.notice.path(&workspace.slug));
        for to in receivers {
            let kind = what.notice.kind();
            let key = format!("{}/{kind}/{}", tx.workspace_id(), self.pseudonym(&to));
            if !self.within(Limit::Notice, &key).await {
                continue;
            }
            let mail = Mail::Notice(NoticeMail {
                to,
                locale: locale.to_owned(),
                workspace: workspace.name.clone(),
                brand: brand.clone(),
                by: what.by.to_owned(),
                notice: what.notice.clone(),
                url: url.clone(),
            });
            self.enqueue(tx, &mail, what.about, what.expires_at).await?;
        }
        Ok(())
    }

    /// Tells a person at `to` what changed about how they sign in: if it was not they, they find out.
    pub(crate) async fn warn(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        to: &str,
        change: SecurityChange,
        name: &str,
    ) -> Result<(), IamError> {
        self.warn_at(tx, ctx, to, change, (name, paths::SECURITY)).await
    }

    /// As [`warn`](Self::warn), of what `name` says, to be looked after at `path`.
    pub(crate) async fn warn_at(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        to: &str,
        change: SecurityChange,
        (name, path): (&str, &str),
    ) -> Result<(), IamError> {
        let mail = Mail::Security(SecurityMail {
            to: to.to_owned(),
            locale: ctx.locale.clone(),
            change,
            name: name.to_owned(),
            browser: user_agent::described(&ctx.user_agent),
            at: self.now(),
            time_zone: String::new(),
            url: format!("{}{path}", self.origin()),
        });
        self.enqueue(tx, &mail, None, self.now() + WARNING_KEPT).await
    }

    fn open_mail(&self, claimed: &ClaimedMail) -> Result<Outgoing, IamError> {
        let plain = self
            .deps
            .master_keys
            .open(&claimed.id.to_string(), &claimed.payload)?;
        let mail = match claimed.kind.as_str() {
            "magic_link" => serde_json::from_slice(&plain).map(Mail::MagicLink),
            "address" => serde_json::from_slice(&plain).map(Mail::Address),
            "invitation" => serde_json::from_slice(&plain).map(Mail::Invitation),
            "notice" => serde_json::from_slice(&plain).map(Mail::Notice),
            "security" => serde_json::from_slice(&plain).map(Mail::Security),
            _ => return Err(IamError::Fault("mail of an unknown kind")),
        }
        .map_err(|_| IamError::Fault("mail decoding"))?;
        Ok(Outgoing {
            id: claimed.id,
            written_at: claimed.created_at,
            mail,
        })
    }
}

//! Domains of a workspace: claiming, proving by DNS, what a proved one opens, and looking at proofs again.

use crate::{
    Ctx, IamError,
    core::{Core, limits::Limit, mail::Telling},
    ctx::Acting,
    domains::Domains,
    port::Notice,
    workspaces::enter::MemberTx,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use iam_domain::{
    audit::Told,
    domains::domain_name::{ClaimedDomain, DomainName, Joining, MOST_DOMAINS, RECHECK_EVERY, Verdict},
};
use iam_store::{WorkspaceTx, audit::event::Unlogged};
use iam_types::{
    ErrorCode, Permission, Slug, WorkspaceId,
    view::{DomainCard, DomainsView},
};

impl Domains<'_> {
    /// The domains that the workspace claims.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter).
    pub async fn list(self, ctx: &Ctx, slug: &Slug) -> Result<DomainsView, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::WorkspaceRead).await?;
        let host = scope.tx.host_and_passkeys().await?;
        let host = host.map(|(host, passkeys)| (host, passkeys && self.core.relying_party.is_some()));
        let domains = scope.tx.domains().await?;
        Ok(DomainsView {
            domains: domains
                .into_iter()
                .map(|domain| card(domain, host.as_ref()))
                .collect(),
            may_update: scope.may(Permission::DomainUpdate),
            may_host: scope.may(Permission::DomainHost),
            host_needs_sign_in: !scope.is_recent(),
            workspace: scope.card(),
            now: self.core.now().timestamp(),
        })
    }

    /// Claims a domain, which opens nothing until it is proved.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::InvalidDomain`], [`ErrorCode::NameTaken`], [`ErrorCode::TooMany`].
    pub async fn claim(self, ctx: &Ctx, slug: &Slug, name: &str) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::DomainUpdate).await?;
        let name: DomainName = name.parse()?;
        scope.lock_and_recheck(Permission::DomainUpdate).await?;
        if scope.tx.domains().await?.len() >= MOST_DOMAINS {
            return Err(ErrorCode::TooMany.into());
        }
        let mut random = [0; 24];
        self.core.deps.entropy.fill(&mut random);
        let token = URL_SAFE_NO_PAD.encode(random);
        if !scope.tx.claim_domain(&name, &token, self.core.now()).await? {
            return Err(ErrorCode::NameTaken.into());
        }
        scope.commit(Told::domain_claimed(&name)).await
    }

    /// Looks at a domain's records now. True when the proof stands there.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`]; [`ErrorCode::DomainTaken`] when another workspace has proved
    /// it; [`ErrorCode::Unavailable`] when the name server does not answer; [`ErrorCode::RateLimited`].
    pub async fn check(self, ctx: &Ctx, slug: &Slug, name: &str) -> Result<bool, IamError> {
        let name: DomainName = name.parse().map_err(|_| ErrorCode::NotFound)?;
        {
            let mut scope = self.core.enter(ctx, slug, Permission::DomainUpdate).await?;
            scope.domain(&name).await?;
            self.core
                .limit(Limit::DomainCheck, &scope.workspace.id.to_string())
                .await?;
        }
        // No transaction waits for a name server.
        let records = self.core.proof_records(&name).await?;
        let mut scope = self.core.enter(ctx, slug, Permission::DomainUpdate).await?;
        let domain = scope.domain(&name).await?;
        let verdict = domain.judge(&records, self.core.now());
        match self.core.write_verdict(&mut scope.tx, &domain, verdict).await? {
            Some(told) => scope.commit(told).await?,
            None => scope.tx.commit_unlogged(Unlogged::ProofLookedAt).await?,
        }
        Ok(verdict == Verdict::Proved)
    }

    /// Decides who may join by a proved domain.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`], [`ErrorCode::InvalidInput`], [`ErrorCode::DomainUnproved`].
    pub async fn set_joining(
        self,
        ctx: &Ctx,
        slug: &Slug,
        name: &str,
        joining: &str,
    ) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::DomainUpdate).await?;
        let joining: Joining = joining.parse()?;
        let domain = scope.proved_domain(name).await?;
        scope.tx.set_joining(&domain.name, joining).await?;
        scope.commit(Told::domain_updated(&domain, joining)).await
    }

    /// Makes a proved domain the workspace's own host, or with an empty name leaves it without one. Owners sign in there
    /// too, and whoever holds the domain could stand in for them: so this is an owner's right and takes a recent sign-in.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::SignInAgain`]; [`ErrorCode::NotFound`], [`ErrorCode::DomainUnproved`],
    /// [`ErrorCode::DomainTaken`].
    pub async fn set_custom_domain(self, ctx: &Ctx, slug: &Slug, name: &str) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::DomainHost).await?;
        scope.require_whole()?;
        scope.require_recent()?;
        scope.lock_and_recheck(Permission::DomainHost).await?;
        let host = match name {
            "" => None,
            name => Some(scope.proved_domain(name).await?.name),
        };
        if host
            .as_ref()
            .is_some_and(|host| Some(host.as_str()) == self.core.deps.public_url.host_str())
        {
            return Err(ErrorCode::DomainTaken.into());
        }
        scope.tx.set_host(host.as_ref()).await?;
        let told = Told::custom_domain_set(scope.workspace.id, host.as_ref());
        scope.commit(told).await
    }

    /// Gives a domain up. The own host goes with its domain, so that takes what [`set_custom_domain`] takes.
    ///
    /// [`set_custom_domain`]: Self::set_custom_domain
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`]; for the own host [`ErrorCode::Forbidden`] and
    /// [`ErrorCode::SignInAgain`].
    pub async fn remove(self, ctx: &Ctx, slug: &Slug, name: &str) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::DomainUpdate).await?;
        scope.require_whole()?;
        let name: DomainName = name.parse().map_err(|_| ErrorCode::NotFound)?;
        scope.domain(&name).await?;
        if scope.tx.has_host(&name).await? {
            scope.require(Permission::DomainHost)?;
            scope.require_recent()?;
        }
        scope.tx.delete_domain(&name).await?;
        scope.commit(Told::domain_removed(&name)).await
    }

    /// Looks at one workspace's proofs that were not looked at for a while. A name server that does not answer
    /// proves nothing in either direction. Nothing is held while it is asked: every node may ask, and the first to
    /// have an answer writes it down.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub async fn recheck(self, workspace: WorkspaceId) -> Result<(), IamError> {
        let before = self.core.now() - RECHECK_EVERY;
        let due = {
            let mut tx = self.core.deps.store.in_workspace(workspace).await?;
            tx.domains_checked_before(before).await?
        };
        for seen in due {
            let Ok(records) = self.core.proof_records(&seen.name).await else {
                continue;
            };
            let mut tx = self.core.deps.store.in_workspace(workspace).await?;
            let current = tx.lock_domain(&seen.name).await?;
            // Given up, claimed anew or looked at by somebody else meanwhile: then this answer is not wanted any more.
            let Some(domain) = current.filter(|domain| domain.is_as_seen(&seen)) else {
                continue;
            };
            let verdict = domain.judge(&records, self.core.now());
            let told = self.core.write_verdict(&mut tx, &domain, verdict).await?;
            if verdict == Verdict::Lost {
                let telling = Telling {
                    notice: Notice::DomainLost {
                        domain: domain.name.to_string(),
                    },
                    by: "",
                    about: None,
                    expires_at: self.core.now() + RECHECK_EVERY,
                };
                let owners = tx.owner_addresses().await?;
                self.core.notify(&mut tx, "", owners, telling).await?;
            }
            match told {
                Some(told) => self.core.commit(tx, Acting::System("domain-proof"), told).await?,
                None => tx.commit_unlogged(Unlogged::ProofLookedAt).await?,
            }
            self.core.mail_waiting.notify_one();
        }
        Ok(())
    }
}

impl Core {
    async fn proof_records(&self, name: &DomainName) -> Result<Vec<String>, IamError> {
        self.deps.resolver.txt(&name.proof_name()).await.map_err(|error| {
            tracing::warn!(%error, "name server does not answer");
            ErrorCode::Unavailable.into()
        })
    }

    /// Writes down what was seen of a domain's proof, and says what the log is to be told, if that is news.
    async fn write_verdict(
        &self,
        tx: &mut WorkspaceTx,
        domain: &ClaimedDomain,
        verdict: Verdict,
    ) -> Result<Option<Told>, IamError> {
        let (name, now) = (&domain.name, self.now());
        Ok(match verdict {
            Verdict::Proved => {
                tx.domain_proved(name, now).await?;
                domain.verified_at.is_none().then(|| Told::domain_proved(name))
            }
            Verdict::Missing => {
                tx.domain_missing(name, now).await?;
                None
            }
            Verdict::Lost => {
                tx.domain_lost(name, now).await?;
                Some(Told::domain_lost(name))
            }
        })
    }
}

impl MemberTx<'_> {
    async fn domain(&mut self, name: &DomainName) -> Result<ClaimedDomain, IamError> {
        let found = self.tx.lock_domain(name).await?;
        found.ok_or(IamError::Refused(ErrorCode::NotFound))
    }

    async fn proved_domain(&mut self, name: &str) -> Result<ClaimedDomain, IamError> {
        let name: DomainName = name.parse().map_err(|_| ErrorCode::NotFound)?;
        let domain = self.domain(&name).await?;
        if domain.verified_at.is_none() {
            return Err(ErrorCode::DomainUnproved.into());
        }
        Ok(domain)
    }
}

fn card(domain: ClaimedDomain, host: Option<&(String, bool)>) -> DomainCard {
    let own = host.filter(|(host, _)| host == domain.name.as_str());
    DomainCard {
        record_name: domain.name.proof_name(),
        record_value: domain.proof(),
        is_host: own.is_some(),
        passkeys: own.is_some_and(|(_, passkeys)| *passkeys),
        verified: domain.verified_at.is_some(),
        checked_at: domain.checked_at.map(|at| at.timestamp()),
        failing_since: domain.failing_since.map(|at| at.timestamp()),
        joining: domain.joining.to_string(),
        name: domain.name.to_string(),
    }
}

//! A person's addresses. Each of them signs them in; the primary one is where their mails go, and what others see.

use crate::{
    Ctx, IamError,
    account::Account,
    core::{
        Core,
        limits::Limit,
        secret::{Secret, SecretKind},
    },
    ctx::Acting,
    port::SecurityChange,
};
use iam_domain::{
    account::{address::RESTORABLE, email::Email},
    audit::Told,
};
use iam_store::{WorkspaceTx, account::address::NewRemoval};
use iam_types::{
    ErrorCode, RemovedAddressId, UserId, WorkspaceId, paths,
    view::{AddressView, AddressesView, PendingAddress},
};

impl Account<'_> {
    /// The person's addresses, and those that wait in this session for their code.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`].
    pub async fn addresses(self, ctx: &Ctx) -> Result<AddressesView, IamError> {
        let actor = ctx.actor()?;
        let (store, now) = (&self.core.deps.store, self.core.now());
        let addresses = store.addresses_of(actor.user.id).await?;
        let pending = store.pending_addresses(actor.session.id, now).await?;
        Ok(AddressesView {
            addresses: addresses
                .into_iter()
                .map(|own| AddressView {
                    address: own.address,
                    primary: own.primary,
                    verified_at: own.verified_at.timestamp(),
                })
                .collect(),
            pending: pending
                .into_iter()
                .map(|(challenge, address, undelivered)| PendingAddress {
                    challenge,
                    address,
                    undelivered,
                })
                .collect(),
            recent: self.core.require_account_change(actor).await.is_ok(),
            now: now.timestamp(),
        })
    }

    /// Makes another of the person's addresses the primary one, and tells both. Whoever is a member somewhere is listed under
    /// it from now on.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`], [`ErrorCode::RateLimited`]; [`ErrorCode::NotFound`] when
    /// it is not theirs.
    pub async fn make_primary(self, ctx: &Ctx, address: &str) -> Result<(), IamError> {
        let actor = ctx.actor()?;
        self.core.require_account_change(actor).await?;
        let (person, address) = (actor.user.id, known(address)?);
        self.core.limit(Limit::Naming, &person.to_string()).await?;
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        let old = tx.set_primary_address(person, &address).await?;
        let old = old.ok_or(ErrorCode::NotFound)?;
        if old == address.as_str() {
            return Ok(());
        }
        tx = self.core.list_under(tx, person, &address).await?;
        for to in [old.as_str(), address.as_str()] {
            self.core
                .tell_of_address(&mut tx, ctx, to, SecurityChange::AddressMadePrimary, &address)
                .await?;
        }
        let told = Told::address_made_primary(
            person,
            &self.core.pseudonym(&old),
            &self.core.pseudonym(address.as_str()),
        );
        self.core.commit(tx, Acting::User(person, ctx), told).await?;
        self.core.mail_waiting.notify_one();
        Ok(())
    }

    /// Takes an address off the account, with every mail under way to it. It gets a mail by which it can be put back, and is
    /// nobody else's until that is over.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::SignInAgain`]; [`ErrorCode::AddressPrimary`];
    /// [`ErrorCode::NotFound`] when it is not theirs.
    pub async fn remove_address(self, ctx: &Ctx, address: &str) -> Result<(), IamError> {
        let actor = ctx.actor()?;
        self.core.require_account_change(actor).await?;
        let (person, address, now) = (actor.user.id, known(address)?, self.core.now());
        let removed = NewRemoval {
            id: RemovedAddressId::from_uuid(self.core.new_uuid()),
            user_id: person,
            address: &address,
            restorable_until: now + RESTORABLE,
        };
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        if !tx.remove_address(&removed, now).await? {
            return Err(if tx.owns_address(person, &address).await? {
                ErrorCode::AddressPrimary.into()
            } else {
                ErrorCode::NotFound.into()
            });
        }
        tx.drop_address_challenge(person, &address).await?;
        tx.delete_pending_sign_ins_by(&address).await?;
        let key = self.core.restore_key(removed.id, person, &address);
        let path = paths::restore_address(removed.id, key.expose());
        let what = (address.as_str(), path.as_str());
        self.core
            .warn_at(
                &mut tx,
                ctx,
                address.as_str(),
                SecurityChange::AddressRemoved,
                what,
            )
            .await?;
        let told = Told::address_removed(person, &self.core.pseudonym(address.as_str()));
        self.core.commit(tx, Acting::User(person, ctx), told).await?;
        self.core.mail_waiting.notify_one();
        Ok(())
    }
}

impl Core {
    /// Lists a person under their primary address wherever they are a member. Returns the transaction in the platform.
    pub(crate) async fn list_under(
        &self,
        mut tx: WorkspaceTx,
        person: UserId,
        address: &Email,
    ) -> Result<WorkspaceTx, IamError> {
        for (workspace, _) in tx.memberships_of(person).await? {
            tx = tx.switch_workspace(workspace).await?;
            tx.follow_primary(person, address).await?;
        }
        Ok(tx.switch_workspace(WorkspaceId::PLATFORM).await?)
    }

    /// Tells `to` what became of an address. The same again and again is no news: beyond some it stays unsaid.
    pub(super) async fn tell_of_address(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        to: &str,
        change: SecurityChange,
        address: &Email,
    ) -> Result<(), IamError> {
        let key = format!("{}/{change:?}", self.pseudonym(to));
        if !self.within(Limit::Notice, &key).await {
            return Ok(());
        }
        let what = (address.as_str(), paths::ADDRESSES);
        self.warn_at(tx, ctx, to, change, what).await
    }

    /// What only the mail has that tells of a removal.
    pub(super) fn restore_key(&self, id: RemovedAddressId, person: UserId, address: &Email) -> Secret {
        let (id, person) = (id.to_string(), person.to_string());
        let facts = [id.as_bytes(), person.as_bytes(), address.as_str().as_bytes()];
        self.derived_secret(SecretKind::RestoreAddress, &facts)
    }
}

/// An address that a form names; what is none is not theirs.
fn known(address: &str) -> Result<Email, IamError> {
    address.parse().map_err(|_| ErrorCode::NotFound.into())
}

//! Passwords from other servers, as the operator at the machine brings them.

use super::UnusableHash;
use crate::{
    IamError,
    core::{Core, password::Hashed},
    ctx::Acting,
    sign_in::SignIn,
};
use iam_domain::{account::pasted::parse_pasted, audit::Told, sign_in::password::StoredPassword};
use iam_store::{WorkspaceTx, account::user::Found, audit::event::Events};
use iam_types::{ErrorCode, UserId, WorkspaceId};
use thiserror::Error;

/// A password from another server.
#[derive(Debug, Clone, Copy)]
pub struct Import<'a> {
    /// The address of its person.
    pub address: &'a str,
    /// Whether the other server has proved that the address is theirs.
    pub verified: bool,
    /// How the password is hashed.
    pub hash: &'a str,
    /// Whether it is to sign nobody in before they have chosen another.
    pub must_change: bool,
    /// Whether somebody who is not known here comes into being.
    pub create: bool,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    /// Somebody known has a password now.
    Known,
    /// Somebody came into being, with it.
    Created,
}

/// Why a password is not taken.
#[derive(Debug, Error)]
pub enum ImportRefused {
    /// The address is none.
    #[error("no e-mail address")]
    Address,
    /// Nobody has proved it: the password may be of somebody who only claimed the address.
    #[error("the address was not verified")]
    Unverified,
    /// The hash is none that we take.
    #[error(transparent)]
    Hash(#[from] UnusableHash),
    /// Nobody is known by the address.
    #[error("nobody has this address")]
    Unknown,
    /// The person has a password already.
    #[error("the person has a password already")]
    Known,
    /// The person may not sign in, or removed the address a short while ago.
    #[error("the person may not sign in")]
    Disabled,
    /// It did not work.
    #[error("it did not work: {0}")]
    Failed(#[from] IamError),
}

impl From<iam_store::StoreError> for ImportRefused {
    fn from(error: iam_store::StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl SignIn<'_> {
    /// Gives somebody the password that they have at another server. For the operator at the machine: asks nobody. Once its person
    /// signs in with it, it is hashed as all others are.
    ///
    /// # Errors
    /// [`ImportRefused`].
    pub async fn import_password(self, import: Import<'_>) -> Result<Imported, ImportRefused> {
        let core = self.core;
        let address = parse_pasted(import.address).map_err(|_: ErrorCode| ImportRefused::Address)?;
        let method = Hashed::parse(import.hash)?.method();
        if !import.verified {
            return Err(ImportRefused::Unverified);
        }
        let now = core.now();
        let mut tx = core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        let new = UserId::from_uuid(core.new_uuid());
        let (person, imported) = match tx.find_or_create_user(&address, new, now).await? {
            Found::Known(id) => (id, Imported::Known),
            Found::New(id) if import.create => (id, Imported::Created),
            // What was made is gone with the transaction.
            Found::New(_) => return Err(ImportRefused::Unknown),
            Found::Disabled | Found::Reserved => return Err(ImportRefused::Disabled),
        };
        if tx.hold_password(person).await?.is_some() {
            return Err(ImportRefused::Known);
        }
        let password = StoredPassword {
            user_id: person,
            hash: import.hash.to_owned(),
            imported: true,
            must_change: import.must_change,
            set_at: now,
            last_used_at: None,
        };
        tx.put_password(&password).await?;
        core.commit_import(tx, person, imported, method).await?;
        Ok(imported)
    }
}

impl Core {
    async fn commit_import(
        &self,
        mut tx: WorkspaceTx,
        person: UserId,
        imported: Imported,
        method: &str,
    ) -> Result<(), IamError> {
        let acting = Acting::System("password-import");
        let told = Told::password_imported(person, method);
        let mut events = Events::from(self.event(&mut tx, acting, told).await?);
        if imported == Imported::Created {
            let created = self.event(&mut tx, acting, Told::user_created(person)).await?;
            events = events.after([created]);
        }
        Ok(tx.commit(events).await?)
    }
}

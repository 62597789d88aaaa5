//! Passwords: checked and hashed in turn with all other slow hashes.

mod hashed;
mod strength;
#[cfg(test)]
mod tests;

pub(crate) use hashed::Hashed;
pub use hashed::UnusableHash;

use crate::{IamError, core::Core, port::BreachedPasswords};
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use hashed::make;
use iam_domain::sign_in::password::{Password, StoredPassword};
use iam_types::ErrorCode;
use std::io;
use strength::strong;

/// A hash of nothing that anybody knows, as we make them: whoever has no password costs what everybody does.
const STAND_IN: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c3RhbmRzIGluIGZvciBhbGw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What came of checking a password.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    /// Whether it is the right one.
    pub(crate) right: bool,
    /// Whether it is one that those who guess know.
    pub(crate) breached: bool,
    /// Its hash as we make them now, where the stored one is not.
    pub(crate) renewed: Option<String>,
}

impl Core {
    /// Whether `password` is the one that is `stored`. One slow hash is made for a wrong one, whether anything is stored or not.
    ///
    /// # Errors
    /// [`IamError::RateLimited`] while too many wait.
    pub(crate) async fn check_password(
        &self,
        password: Option<Password>,
        stored: Option<StoredPassword>,
    ) -> Result<Checked, IamError> {
        let (breached, salt) = (self.deps.breached.clone(), self.new_salt());
        self.hasher
            .run(move || check(password, stored, breached.as_deref(), &salt))
            .await
    }

    /// The hash of a password that somebody chooses of whom so much is known, if it is one to choose.
    ///
    /// # Errors
    /// [`ErrorCode::PasswordWeak`], [`ErrorCode::PasswordPersonal`], [`ErrorCode::PasswordBreached`];
    /// [`ErrorCode::Unavailable`] where that cannot be told; [`IamError::RateLimited`] while too many wait.
    pub(crate) async fn hash_chosen(
        &self,
        password: Password,
        about: Vec<String>,
    ) -> Result<String, IamError> {
        let (breached, salt) = (self.deps.breached.clone(), self.new_salt());
        let made = self.hasher.run(move || {
            strong(password.expose(), &about)?;
            match is_breached(breached.as_deref(), &password) {
                Ok(false) => Ok(make(password.expose(), &salt)),
                Ok(true) => Err(ErrorCode::PasswordBreached),
                Err(error) => {
                    tracing::error!(%error, "the breached passwords cannot be read");
                    Err(ErrorCode::Unavailable)
                }
            }
        });
        made.await??.ok_or(IamError::Fault("hashing"))
    }

    fn new_salt(&self) -> [u8; 16] {
        let mut salt = [0; 16];
        self.deps.entropy.fill(&mut salt);
        salt
    }
}

fn check(
    password: Option<Password>,
    stored: Option<StoredPassword>,
    breached: Option<&dyn BreachedPasswords>,
    salt: &[u8; 16],
) -> Checked {
    let imported = stored.as_ref().is_some_and(|stored| stored.imported);
    let text = match &password {
        // Other servers hash what was typed, in whatever spelling.
        Some(password) if imported => password.expose_typed(),
        Some(password) => password.expose(),
        None => "",
    };
    let hash = stored.as_ref().map(|stored| stored.hash.as_str());
    let is_stored = hash.is_some() && password.is_some();
    let Ok(hash) = Hashed::parse(hash.unwrap_or(STAND_IN)).or_else(|_| Hashed::parse(STAND_IN)) else {
        return Checked::default();
    };
    let right = hash.is_of(text) & is_stored;
    let Some(password) = password.filter(|_| right) else {
        return Checked::default();
    };
    let is_new = !imported && hash.is_current();
    Checked {
        right,
        breached: is_breached(breached, &password).unwrap_or_else(|error| {
            // Nobody is kept out of their account by a file that is gone.
            tracing::error!(%error, "the breached passwords cannot be read");
            false
        }),
        renewed: (!is_new).then(|| make(password.expose(), salt)).flatten(),
    }
}

fn is_breached(known: Option<&dyn BreachedPasswords>, password: &Password) -> io::Result<bool> {
    let Some(known) = known else {
        return Ok(false);
    };
    let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, password.expose().as_bytes());
    let sha1 = digest.as_ref().try_into().map_err(io::Error::other)?;
    known.contains(sha1)
}

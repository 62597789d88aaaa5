//! What can go wrong below the rules.

use thiserror::Error;

/// What can be taken already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// A name, among the roles of a workspace or an app, among groups or connections.
    Name,
    /// A workspace's address.
    Slug,
    /// A domain, which another workspace has proved or is reached at.
    Domain,
}

impl Conflict {
    /// What a unique constraint guards, of those that people can run into.
    fn on(constraint: &str) -> Option<Self> {
        match constraint {
            "roles_one_name" | "roles_one_name_in_app" | "groups_one_name" | "connections_one_name" => {
                Some(Self::Name)
            }
            "workspace_directory_pkey" => Some(Self::Slug),
            "workspace_domains_one_prover" | "workspace_directory_one_host" => Some(Self::Domain),
            _ => None,
        }
    }
}

/// A failure of the store.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database did not answer or refused the statement.
    #[error("database failure")]
    Database(#[from] sqlx::Error),
    /// A migration failed.
    #[error("migration failure")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A stored value breaks a rule of the domain.
    #[error("inconsistent row in {0}")]
    Inconsistent(&'static str),
    /// The login of `DATABASE_URL` could get around tenant isolation.
    #[error("the runtime login {0}; give DATABASE_URL a login that is only a member of rooiam_runtime")]
    UnsafeLogin(&'static str),
    /// Somebody else has it already.
    #[error("{0:?} is taken")]
    Conflict(Conflict),
    /// The workspace is at a ceiling of the platform.
    #[error("a ceiling of the platform is reached")]
    Ceiling,
    /// The workspace would be without an owner who can sign in.
    #[error("the last owner of a workspace stays")]
    LastOwner,
}

impl StoreError {
    /// Whether the database answered and found a value that it cannot hold, so that asking again changes nothing: NUL in
    /// text, which PostgreSQL has no place for, or what a constraint keeps out.
    pub fn is_bad_value(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else {
            return false;
        };
        matches!(
            error.code().as_deref(),
            // character_not_in_repertoire, untranslatable_character, string_data_right_truncation,
            // numeric_value_out_of_range, datetime_field_overflow, check_violation
            Some("22021" | "22P05" | "22001" | "22003" | "22008" | "23514")
        )
    }

    /// Whether what is stored already kept a row out where nobody had thought of it: asking again changes nothing.
    pub fn is_unforeseen_conflict(&self) -> bool {
        let Self::Database(error) = self else {
            return false;
        };
        error.as_database_error().is_some_and(|e| e.is_unique_violation())
    }

    /// Tells what is taken from other failures.
    pub(crate) fn conflict(error: sqlx::Error) -> Self {
        let constraint = error.as_database_error().and_then(|e| e.constraint());
        match constraint.and_then(Conflict::on) {
            Some(conflict) => Self::Conflict(conflict),
            None => Self::Database(error),
        }
    }

    /// Tells the trigger that keeps an owner from other failures.
    pub(crate) fn last_owner(error: sqlx::Error) -> Self {
        match error.as_database_error().and_then(|e| e.constraint()) {
            Some("memberships_keep_an_owner" | "memberships_owner_can_sign_in") => Self::LastOwner,
            _ => Self::Database(error),
        }
    }
}

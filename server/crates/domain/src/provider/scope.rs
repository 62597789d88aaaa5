//! Scopes an app can ask for (OpenID Connect Core 5.4, 11).

use std::fmt;

/// One scope that this server knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// `openid`: an ID token.
    OpenId,
    /// `profile`: the display name.
    Profile,
    /// `email`: the primary address.
    Email,
    /// `roles`: what the person is to the app.
    Roles,
    /// `offline_access`: a refresh token that outlives the session.
    OfflineAccess,
}

impl Scope {
    /// All of them, as discovery lists them.
    pub const ALL: [Self; 5] = [
        Self::OpenId,
        Self::Profile,
        Self::Email,
        Self::Roles,
        Self::OfflineAccess,
    ];

    /// The wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenId => "openid",
            Self::Profile => "profile",
            Self::Email => "email",
            Self::Roles => "roles",
            Self::OfflineAccess => "offline_access",
        }
    }
}

/// An ordered set of scopes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Parses a space-delimited list (RFC 6749 3.3). Unknown names are left out, as OpenID Connect Core 3.1.2.1 asks.
    pub fn parse(text: &str) -> Self {
        let mut scopes: Vec<_> = text
            .split(' ')
            .filter_map(|name| Scope::ALL.into_iter().find(|s| s.as_str() == name))
            .collect();
        scopes.sort_unstable();
        scopes.dedup();
        Self(scopes)
    }

    /// Wraps stored names.
    pub fn stored(names: &[String]) -> Self {
        Self::parse(&names.join(" "))
    }

    /// The names, for storing.
    pub fn names(&self) -> Vec<String> {
        self.0.iter().map(|scope| scope.as_str().to_owned()).collect()
    }

    /// Whether it holds `scope`.
    pub fn contains(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Whether all of `other` is in here.
    pub fn covers(&self, other: &Self) -> bool {
        other.0.iter().all(|scope| self.contains(*scope))
    }

    /// Both together.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::parse(&format!("{self} {other}"))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn unknown_scopes_fall_away_and_order_does_not_matter() {
        assert_eq!(
            Scopes::parse("email openid admin  email"),
            Scopes::parse("openid email")
        );
        assert!(Scopes::parse("openid email").covers(&Scopes::parse("email")));
        assert!(!Scopes::parse("email").covers(&Scopes::parse("openid email")));
    }

    fn any_scopes() -> impl Strategy<Value = Scopes> {
        prop::sample::subsequence(Scope::ALL.to_vec(), 0..=Scope::ALL.len())
            .prop_shuffle()
            .prop_map(|scopes| {
                let names: Vec<_> = scopes.iter().map(|scope| scope.as_str()).collect();
                Scopes::parse(&names.join(" "))
            })
    }

    proptest! {
        #[test]
        fn printing_and_storing_lose_nothing(scopes in any_scopes()) {
            prop_assert_eq!(&Scopes::parse(&scopes.to_string()), &scopes);
            prop_assert_eq!(&Scopes::stored(&scopes.names()), &scopes);
        }

        #[test]
        fn a_union_is_the_least_that_covers_both(a in any_scopes(), b in any_scopes(), c in any_scopes()) {
            let both = a.union(&b);
            prop_assert!(both.covers(&a) && both.covers(&b));
            prop_assert_eq!(c.covers(&a) && c.covers(&b), c.covers(&both));
        }
    }
}

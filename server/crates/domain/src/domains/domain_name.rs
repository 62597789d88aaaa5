//! Domains that a workspace proves to be its own.

use chrono::{DateTime, TimeDelta, Utc};
use iam_types::ErrorCode;
use std::{fmt, str::FromStr};

/// The label below which the proof stands in DNS.
pub const PROOF_LABEL: &str = "_rooiam-challenge";
/// What the proof starts with.
pub const PROOF_PREFIX: &str = "rooiam-domain-verification=";
/// How often a proof is looked at again.
pub const RECHECK_EVERY: TimeDelta = TimeDelta::days(1);
/// How long a proof may be missing before it counts no more: a slip in a zone file locks nobody out.
pub const PATIENCE: TimeDelta = TimeDelta::days(3);
/// How many domains a workspace can claim.
pub const MOST_DOMAINS: usize = 20;

/// A registrable-looking domain name in ASCII (punycode), so that equal domains compare equal and look-alikes do not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DomainName(String);

impl DomainName {
    /// The normalised text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where its proof stands in DNS.
    pub fn proof_name(&self) -> String {
        format!("{PROOF_LABEL}.{}", self.0)
    }
}

impl FromStr for DomainName {
    type Err = ErrorCode;

    /// Takes a name as people type it: any case, Unicode or punycode, one trailing dot (RFC 5891 5, UTS 46).
    fn from_str(text: &str) -> Result<Self, ErrorCode> {
        let text = text.trim();
        let text = text.strip_suffix('.').unwrap_or(text);
        // The parser undoes percent-encoding, which no domain name has.
        let name = match url::Host::parse(text) {
            Ok(url::Host::Domain(name)) if !text.contains('%') => name,
            _ => return Err(ErrorCode::InvalidDomain),
        };
        let label_ok = |label: &str| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        if name.len() <= 230 && name.contains('.') && name.split('.').all(label_ok) {
            Ok(Self(name))
        } else {
            Err(ErrorCode::InvalidDomain)
        }
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who may join by an address of a proved domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joining {
    /// Nobody just for that.
    Nobody,
    /// Whoever has one may ask.
    Requests,
    /// Whoever has one is let in as a member.
    Everybody,
}

crate::core::text::stored_as_text!(Joining { Nobody = "nobody", Requests = "requests", Everybody = "everybody" });

/// A domain that a workspace claims.
#[derive(Debug, Clone)]
pub struct ClaimedDomain {
    /// Which one.
    pub name: DomainName,
    /// What its proof says; not secret.
    pub token: String,
    /// Who may join by it.
    pub joining: Joining,
    /// When it was first proved.
    pub verified_at: Option<DateTime<Utc>>,
    /// When its proof was last looked at.
    pub checked_at: Option<DateTime<Utc>>,
    /// Since when the proof is missing.
    pub failing_since: Option<DateTime<Utc>>,
}

impl ClaimedDomain {
    /// The text of the record that proves it.
    pub fn proof(&self) -> String {
        format!("{PROOF_PREFIX}{}", self.token)
    }

    /// Whether nobody has looked at the proof, given the domain up or claimed it anew since it was `seen` so.
    pub fn is_as_seen(&self, seen: &Self) -> bool {
        (&self.token, self.verified_at, self.checked_at) == (&seen.token, seen.verified_at, seen.checked_at)
    }

    /// What a look at its records at `now` means.
    pub fn judge(&self, records: &[String], now: DateTime<Utc>) -> Verdict {
        let proof = self.proof();
        if records.iter().any(|record| record.trim() == proof) {
            return Verdict::Proved;
        }
        match (self.verified_at, self.failing_since) {
            (Some(_), Some(since)) if now - since >= PATIENCE => Verdict::Lost,
            _ => Verdict::Missing,
        }
    }
}

/// What a look at a domain's records means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The proof stands there.
    Proved,
    /// It does not.
    Missing,
    /// It has been missing for so long that the domain is the workspace's no more.
    Lost,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(text: &str) -> Result<String, ErrorCode> {
        text.parse::<DomainName>().map(|name| name.to_string())
    }

    #[test]
    fn a_domain_has_one_spelling() {
        for (typed, stored) in [
            (" Acme.Example ", "acme.example"),
            ("acme.example.", "acme.example"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("BÜCHER.example", "xn--bcher-kva.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("ａｃｍｅ.example", "acme.example"),
            ("acme。example", "acme.example"),
        ] {
            assert_eq!(name(typed).as_deref(), Ok(stored), "{typed}");
        }
    }

    #[test]
    fn what_is_no_provable_domain_is_refused() {
        for bad in [
            "",
            "acme",
            "localhost",
            "127.0.0.1",
            "2130706433",
            "[::1]",
            "acme..example",
            ".acme.example",
            "-a.example",
            "a-.example",
            "acme.example/x",
            "acme.example:443",
            "user@acme.example",
            "acme_.example",
            "a b.example",
            "ex%61mple.com",
            "xn--example-.com",
            "xn--a.example",
            "acme.example..",
            "*.example",
        ] {
            assert_eq!(name(bad), Err(ErrorCode::InvalidDomain), "{bad}");
        }
        assert!(name(&format!("{}.example", "a".repeat(64))).is_err());
    }

    #[test]
    fn look_alikes_are_other_domains() {
        // Cyrillic а and Latin a.
        assert_ne!(name("аcme.example"), name("acme.example"));
    }

    fn claimed() -> ClaimedDomain {
        ClaimedDomain {
            name: "acme.example".parse().unwrap(),
            token: "abc".to_owned(),
            joining: Joining::Nobody,
            verified_at: Some(DateTime::UNIX_EPOCH),
            checked_at: None,
            failing_since: None,
        }
    }

    #[test]
    fn only_the_whole_record_proves() {
        let now = DateTime::UNIX_EPOCH;
        let judged = |record: &str| claimed().judge(&[record.to_owned()], now);
        assert_eq!(judged("rooiam-domain-verification=abc"), Verdict::Proved);
        for other in [
            "rooiam-domain-verification=abcd",
            "abc",
            "",
            "x rooiam-domain-verification=abc",
            "ROOIAM-domain-verification=abc",
        ] {
            assert_eq!(judged(other), Verdict::Missing, "{other}");
        }
    }

    #[test]
    fn a_proof_that_is_missing_for_long_is_lost_and_not_before() {
        let since = DateTime::UNIX_EPOCH;
        let failing = ClaimedDomain {
            failing_since: Some(since),
            ..claimed()
        };
        assert_eq!(
            failing.judge(&[], since + PATIENCE - TimeDelta::seconds(1)),
            Verdict::Missing
        );
        assert_eq!(failing.judge(&[], since + PATIENCE), Verdict::Lost);
        let never = ClaimedDomain {
            verified_at: None,
            ..failing
        };
        assert_eq!(never.judge(&[], since + PATIENCE * 9), Verdict::Missing);
    }

    proptest! {
        #[test]
        fn what_was_stored_reads_again_the_same(text in "\\PC{1,40}") {
            if let Ok(stored) = name(&text) {
                prop_assert_eq!(name(&stored), Ok(stored));
            }
        }
    }
}

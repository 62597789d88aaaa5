//! Browsers in which a person is not asked for the code of their authenticator app, since they proved it there and said so.

use chrono::{DateTime, TimeDelta, Utc};
use iam_types::{ErrorCode, TrustedBrowserId};

/// For how many days a browser can be trusted at most.
pub const MOST_DAYS: i32 = 90;
/// How many browsers a person can trust; one more takes the place of the oldest.
pub const MOST: i64 = 20;

/// Such a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedBrowser {
    /// Which one.
    pub id: TrustedBrowserId,
    /// Its `User-Agent`.
    pub user_agent: String,
    /// When the second factor was proved in it.
    pub trusted_at: DateTime<Utc>,
    /// When it last stood for that.
    pub last_used_at: DateTime<Utc>,
}

/// The trust that stood for the second factor of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trusted {
    /// Of which browser.
    pub id: TrustedBrowserId,
    /// When the second factor was proved there.
    since: DateTime<Utc>,
    /// Until when operators let it stand for that.
    until: DateTime<Utc>,
}

impl Trusted {
    /// That of a browser in which the second factor was proved then, where operators let it stand for so many days.
    pub fn new(id: TrustedBrowserId, since: DateTime<Utc>, days: i32) -> Self {
        Self {
            id,
            since,
            until: since + TimeDelta::days(days.max(0).into()),
        }
    }

    /// Until when it stands for the second factor where that may be for so long at `most`.
    pub fn stands_until(self, most: TimeDelta) -> DateTime<Utc> {
        self.until.min(self.since + most)
    }
}

/// Parses for how many days browsers may be trusted: 0 to 90, or empty for never.
///
/// # Errors
/// [`ErrorCode::InvalidInput`].
pub fn parse_trust_days(text: &str) -> Result<i32, ErrorCode> {
    match text.trim() {
        "" => Ok(0),
        text => {
            let days = text.parse().map_err(|_| ErrorCode::InvalidInput)?;
            let sane = (0..=MOST_DAYS).contains(&days);
            sane.then_some(days).ok_or(ErrorCode::InvalidInput)
        }
    }
}

/// What was proved after this counts at `now`; nothing does where no browser may be trusted.
pub fn counts_after(days: i32, now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::days(days.max(0).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_trusted_for_a_sane_number_of_days_or_never() {
        assert_eq!(parse_trust_days(""), Ok(0));
        assert_eq!(parse_trust_days(" 90 "), Ok(90));
        for bad in ["91", "-1", "1.5", "for ever"] {
            assert_eq!(parse_trust_days(bad), Err(ErrorCode::InvalidInput), "{bad}");
        }
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(100);
        assert_eq!(counts_after(0, now), now, "nothing is proved after now");
        assert_eq!(counts_after(30, now), now - TimeDelta::days(30));
    }
}

//! In which order mail leaves, how long a send may take, and when it is tried again.

use chrono::TimeDelta;
use iam_types::ErrorCode;
use std::time::Duration;

/// How long a node has a mail for itself: longer than any [`deadline`](Lane::deadline) and what is written afterwards,
/// so that no other node sends it at the same time.
pub const LEASE: TimeDelta = TimeDelta::seconds(120);

/// How urgent a mail is. Of what is due, the earliest lane leaves first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Somebody looks at a page and waits for it.
    SignIn,
    /// Tells somebody of something that happened.
    Notice,
    /// One of many that one form sends.
    Many,
}

impl Lane {
    /// The last one.
    pub const LAST: Self = Self::Many;

    /// The stored number.
    pub const fn number(self) -> i16 {
        match self {
            Self::SignIn => 0,
            Self::Notice => 1,
            Self::Many => 2,
        }
    }

    /// How long one send may take. RFC 5321 4.5.3.2 lets servers think for minutes; whoever waits at a page does not,
    /// and a mail that was taken after all is known by its `Message-ID` when it comes again.
    pub const fn deadline(self) -> Duration {
        match self {
            Self::SignIn => Duration::from_secs(30),
            Self::Notice | Self::Many => Duration::from_secs(60),
        }
    }

    /// How many sends of this lane to the servers of one domain are on their way at once, on all nodes together.
    pub const fn per_receiver(self) -> i64 {
        match self {
            Self::SignIn => 6,
            Self::Notice | Self::Many => 3,
        }
    }
}

impl TryFrom<i16> for Lane {
    type Error = ErrorCode;

    fn try_from(number: i16) -> Result<Self, ErrorCode> {
        [Self::SignIn, Self::Notice, Self::Many]
            .into_iter()
            .find(|lane| lane.number() == number)
            .ok_or(ErrorCode::Internal)
    }
}

/// How long to wait after the `attempts`th try that failed for now.
pub fn pause_after(attempts: i32) -> TimeDelta {
    TimeDelta::seconds(5 << (attempts - 1).clamp(0, 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_is_read_as_it_is_stored() {
        for lane in [Lane::SignIn, Lane::Notice, Lane::Many] {
            assert_eq!(Lane::try_from(lane.number()), Ok(lane));
            assert!(lane <= Lane::LAST);
        }
        assert!(Lane::try_from(3).is_err());
    }

    #[test]
    fn no_send_outlives_its_lease() {
        for lane in [Lane::SignIn, Lane::Notice, Lane::Many] {
            assert!(LEASE.to_std().unwrap() > lane.deadline() + Duration::from_secs(30));
        }
    }

    #[test]
    fn pauses_grow_from_seconds_to_minutes_and_no_further() {
        let pauses: Vec<_> = (1..=12)
            .map(|attempts| pause_after(attempts).num_seconds())
            .collect();
        assert!(pauses.is_sorted() && pauses[0] == 5, "{pauses:?}");
        assert_eq!(
            (pause_after(i32::MAX), pause_after(0)),
            (TimeDelta::seconds(1280), TimeDelta::seconds(5))
        );
    }
}

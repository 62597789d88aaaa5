//! How a person wants to be spoken to.

use iam_types::ErrorCode;
use std::str::FromStr;

/// A time zone by its name in the IANA database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeZone(chrono_tz::Tz);

impl TimeZone {
    /// Its name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Those that people choose from: a place each, without the old names.
    pub fn places() -> impl Iterator<Item = &'static str> {
        const PARTS: [&str; 10] = [
            "Africa",
            "America",
            "Antarctica",
            "Arctic",
            "Asia",
            "Atlantic",
            "Australia",
            "Europe",
            "Indian",
            "Pacific",
        ];
        chrono_tz::TZ_VARIANTS
            .iter()
            .map(|zone| zone.name())
            .filter(|name| {
                name.split_once('/')
                    .is_some_and(|(part, _)| PARTS.contains(&part))
            })
    }

    /// A moment, from Unix seconds, to the minute as clocks there show it.
    pub fn shown(self, at: i64) -> String {
        let moment = chrono::DateTime::from_timestamp(at, 0).unwrap_or_default();
        moment
            .with_timezone(&self.0)
            .format("%Y-%m-%d %H:%M %Z")
            .to_string()
    }
}

impl FromStr for TimeZone {
    type Err = ErrorCode;

    fn from_str(name: &str) -> Result<Self, ErrorCode> {
        name.parse().map(Self).map_err(|_| ErrorCode::InvalidInput)
    }
}

/// What a person chose; what is empty comes as it comes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preferences {
    /// Language tag.
    pub locale: Option<String>,
    /// Name of a time zone.
    pub time_zone: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_by_the_clocks_of_a_place_in_summer_and_winter() {
        let berlin: TimeZone = "Europe/Berlin".parse().unwrap();
        assert_eq!(berlin.shown(1_700_000_000), "2023-11-14 23:13 CET");
        assert_eq!(berlin.shown(1_690_000_000), "2023-07-22 06:26 CEST");
        assert!(TimeZone::places().any(|name| name == "Europe/Berlin"));
        for bad in ["", "Europe/Atlantis", "europe\0berlin", "../etc"] {
            assert!(bad.parse::<TimeZone>().is_err(), "{bad}");
        }
    }

    #[test]
    fn every_zone_to_choose_fits_where_it_is_stored() {
        assert!(TimeZone::places().all(|name| name.len() <= 40 && name.parse::<TimeZone>().is_ok()));
    }
}

//! How old a sign-in may be, and how long its browser may be silent, as people choose it.

use iam_types::ErrorCode;

/// The choices of how old a sign-in may be, in seconds: an hour, a working day, a day, a week.
pub const MAX_AGES: [i32; 4] = [3600, 28_800, 86_400, 604_800];
/// The choices of how long a browser may not be heard of, in seconds: half an hour, an hour, a working day, a day.
pub const MAX_IDLES: [i32; 4] = [1800, 3600, 28_800, 86_400];

/// Parses how old a sign-in may be: one of [`MAX_AGES`], or empty for as old as a session gets.
///
/// # Errors
/// [`ErrorCode::InvalidInput`].
pub fn parse_max_age(text: &str) -> Result<Option<i32>, ErrorCode> {
    parse_choice(text, MAX_AGES)
}

/// Parses how long a browser may not be heard of: one of [`MAX_IDLES`], or empty for as long as a session lives so.
///
/// # Errors
/// [`ErrorCode::InvalidInput`].
pub fn parse_max_idle(text: &str) -> Result<Option<i32>, ErrorCode> {
    parse_choice(text, MAX_IDLES)
}

fn parse_choice(text: &str, choices: [i32; 4]) -> Result<Option<i32>, ErrorCode> {
    match text {
        "" => Ok(None),
        text => {
            let secs = text.parse().map_err(|_| ErrorCode::InvalidInput)?;
            let known = choices.contains(&secs);
            known.then_some(Some(secs)).ok_or(ErrorCode::InvalidInput)
        }
    }
}

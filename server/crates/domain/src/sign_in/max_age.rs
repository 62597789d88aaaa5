//! How old a sign-in may be, as people choose it.

use iam_types::ErrorCode;

/// The choices of how old a sign-in may be, in seconds: an hour, a working day, a day, a week.
pub const MAX_AGES: [i32; 4] = [3600, 28_800, 86_400, 604_800];

/// Parses how old a sign-in may be: one of [`MAX_AGES`], or empty for as old as a session gets.
///
/// # Errors
/// [`ErrorCode::InvalidInput`].
pub fn parse_max_age(text: &str) -> Result<Option<i32>, ErrorCode> {
    match text {
        "" => Ok(None),
        text => {
            let secs = text.parse().map_err(|_| ErrorCode::InvalidInput)?;
            let known = MAX_AGES.contains(&secs);
            known.then_some(Some(secs)).ok_or(ErrorCode::InvalidInput)
        }
    }
}

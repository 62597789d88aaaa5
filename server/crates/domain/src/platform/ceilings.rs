//! What operators decide for all workspaces and people.

use iam_types::ErrorCode;

/// How far any workspace, and any person, may go; none is no ceiling.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ceilings {
    /// Members of a workspace.
    pub members: Option<i32>,
    /// Apps of a workspace.
    pub apps: Option<i32>,
    /// Browsers in which a person is signed in.
    pub sessions: Option<i32>,
    /// Days for which a browser may be trusted not to be asked for a second factor; 0 for none.
    pub trust_days: i32,
}

/// Parses a ceiling: a number from 1 to a million, or empty for none.
///
/// # Errors
/// [`ErrorCode::InvalidInput`].
pub fn parse_ceiling(text: &str) -> Result<Option<i32>, ErrorCode> {
    parse_up_to(1_000_000, text)
}

/// Parses in how many browsers a person may be signed in: a number from 1 to 50, or empty for no ceiling.
///
/// # Errors
/// [`ErrorCode::InvalidInput`].
pub fn parse_sessions_ceiling(text: &str) -> Result<Option<i32>, ErrorCode> {
    parse_up_to(50, text)
}

fn parse_up_to(most: i32, text: &str) -> Result<Option<i32>, ErrorCode> {
    match text.trim() {
        "" => Ok(None),
        text => {
            let number = text.parse().map_err(|_| ErrorCode::InvalidInput)?;
            let sane = (1..=most).contains(&number);
            sane.then_some(Some(number)).ok_or(ErrorCode::InvalidInput)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ceiling_is_a_sane_number_or_none() {
        assert_eq!(parse_ceiling(" 250 "), Ok(Some(250)));
        assert_eq!(parse_ceiling(""), Ok(None));
        for bad in ["0", "-1", "1000001", "ten", "1.5", "99999999999999999999"] {
            assert_eq!(parse_ceiling(bad), Err(ErrorCode::InvalidInput), "{bad}");
        }
        assert_eq!(parse_sessions_ceiling("50"), Ok(Some(50)));
        assert_eq!(parse_sessions_ceiling("51"), Err(ErrorCode::InvalidInput));
    }
}

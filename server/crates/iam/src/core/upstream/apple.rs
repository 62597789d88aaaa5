//! Apple, which gives out no secret but a key: what stands for the secret is a token that the key signs, here for each request anew.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use iam_domain::{audit::ConnectionRefusal, connections::connection::Connection};
use iam_protocol::jose::SigningKey;
use iam_types::ErrorCode;
use serde_json::json;

/// For how long such a token counts. Apple would take six months.
const COUNTS: TimeDelta = TimeDelta::minutes(5);
/// The length of the identifiers of teams and keys.
const IDENTIFIER: usize = 10;

/// What is kept of a key, sealed: whose it is, its name, and the key (PKCS#8), from what Apple offers for download.
///
/// # Errors
/// [`ErrorCode::InvalidInput`].
pub(crate) fn parse_key(team: &str, key: &str, pem: &str) -> Result<String, ErrorCode> {
    let (team, key) = (team.trim(), key.trim());
    let named = [team, key].into_iter().all(|name| {
        name.len() == IDENTIFIER
            && name
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    });
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    let text: String = lines.flat_map(str::split_whitespace).collect();
    if !named || load(key, &text).is_none() {
        return Err(ErrorCode::InvalidInput);
    }
    Ok(format!("{team} {key} {text}"))
}

fn load(key: &str, text: &str) -> Option<SigningKey> {
    let pkcs8 = STANDARD.decode(text).ok()?;
    SigningKey::load(key, "ES256", &pkcs8).ok()
}

/// What stands for a secret, now.
pub(super) fn client_secret(
    kept: &str,
    connection: &Connection,
    now: DateTime<Utc>,
) -> Result<String, ConnectionRefusal> {
    let mut parts = kept.split(' ');
    let (Some(team), Some(key), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(ConnectionRefusal::Code);
    };
    let signer = load(key, text).ok_or(ConnectionRefusal::Code)?;
    let claims = json!({
        "iss": team,
        "iat": now.timestamp(),
        "exp": (now + COUNTS).timestamp(),
        "aud": connection.issuer.as_str(),
        "sub": connection.settings.client_id,
    });
    signer.sign("JWT", &claims).map_err(|_| ConnectionRefusal::Code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_offered_and_nothing_else_is_one() {
        let pkcs8 = iam_protocol::jose::generate("ES256").unwrap();
        let text = STANDARD.encode(&pkcs8);
        let (start, end) = text.split_at(64);
        let pem = format!("-----BEGIN PRIVATE KEY-----\r\n{start}\r\n{end}\r\n-----END PRIVATE KEY-----\n");
        let kept = parse_key(" TEAM123456 ", "KEY1234567", &pem);
        assert_eq!(kept, Ok(format!("TEAM123456 KEY1234567 {text}")));
        let other = STANDARD.encode(iam_protocol::jose::generate("RS256").unwrap());
        for (team, key, pem) in [
            ("TEAM12345", "KEY1234567", pem.as_str()),
            ("team123456", "KEY1234567", &pem),
            ("TEAM123456", "KEY 123456", &pem),
            ("TEAM123456", "KEY1234567", "secret"),
            ("TEAM123456", "KEY1234567", &other),
            ("TEAM123456", "KEY1234567", ""),
        ] {
            assert!(parse_key(team, key, pem).is_err(), "{team} {key}");
        }
    }
}

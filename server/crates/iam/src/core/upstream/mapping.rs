//! Claims that a connection reads elsewhere than the standard has them.

use super::Heard;
use iam_domain::connections::{
    attempt::Said,
    claims::{Claim, words},
    connection::Connection,
    word::Keeper,
};
use serde_json::{Map, Value};

/// The claims that a connection reads, but for those of the standard.
fn read(connection: &Connection) -> impl Iterator<Item = &Claim> {
    let claims = &connection.settings.claims;
    let name = (!claims.names_as_usual()).then_some(&claims.name);
    let address = (!claims.addresses_as_usual()).then_some(&claims.address);
    [name, address, connection.groups_claim.as_ref()]
        .into_iter()
        .flatten()
}

/// Whether a token says all of them.
pub(super) fn is_whole(connection: &Connection, token: &Map<String, Value>) -> bool {
    read(connection).all(|claim| claim.of(token).is_some())
}

/// What a provider says, by the claims that the connection reads: those of the token, and what was asked for beside it.
pub(super) fn heard(
    connection: &Connection,
    mut said: Said,
    (mut token, info): (Map<String, Value>, Map<String, Value>),
) -> Heard {
    let claims = &connection.settings.claims;
    let find = |claim: &Claim| claim.of(&token).or_else(|| claim.of(&info)).cloned();
    let text = |claim: &Claim| find(claim).as_ref().and_then(Value::as_str).map(str::to_owned);
    if !claims.names_as_usual() {
        said.name = text(&claims.name);
    }
    if !claims.addresses_as_usual() {
        said.email = text(&claims.address);
        // `email_verified` speaks of `email`, and what Entra says of a domain does too.
        said.email_verified = (connection.keeper() == Keeper::Entra).then_some(false);
    }
    let groups = connection.groups_claim.as_ref();
    let groups = groups.map(|claim| {
        let says = find(claim).as_ref().map(words).unwrap_or_default();
        (claim.clone(), says)
    });
    for claim in read(connection) {
        if let (None, Some(value)) = (claim.of(&token), claim.of(&info).cloned()) {
            token.insert(format!("userinfo.{}", claim.as_str()), value);
        }
    }
    Heard {
        said,
        groups,
        claims: token,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iam_domain::{
        connections::{
            claims::Claims,
            connection::{Preset, Provisioning, Settings},
            issuer::Issuer,
        },
        core::visible::VisibleName,
    };
    use iam_types::{ConnectionId, ErrorCode};
    use serde_json::json;
    use uuid::Uuid;

    fn connection(issuer: &str, claims: [&str; 3]) -> Result<Connection, ErrorCode> {
        let [name, address, groups] = claims;
        Ok(Connection {
            id: ConnectionId::from_uuid(Uuid::nil()),
            preset: Preset::Oidc,
            issuer: Issuer::of(Preset::Oidc, issuer)?,
            settings: Settings {
                name: VisibleName::stored("ID".to_owned()),
                client_id: "c".to_owned(),
                scopes: Vec::new(),
                provisioning: Provisioning::Joining,
                trusts_addresses: true,
                tenants: Vec::new(),
                domains: Vec::new(),
                everywhere: false,
                claims: Claims {
                    name: Claim::parse(name)?,
                    address: Claim::parse(address)?,
                },
            },
            client_secret: Vec::new(),
            created_at: chrono::DateTime::UNIX_EPOCH,
            disabled_at: None,
            groups_claim: Some(Claim::parse(groups)?),
        })
    }

    fn said() -> Said {
        Said {
            subject: "s".to_owned(),
            email: Some("a@acme.example".to_owned()),
            email_verified: Some(true),
            hosted: None,
            name: Some("Ada".to_owned()),
        }
    }

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn what_a_token_does_not_say_is_taken_from_what_was_asked_beside_it() -> Result<(), ErrorCode> {
        let connection = connection("https://id.acme.example", ["nick", "upn", "groups"])?;
        let token = map(json!({ "nick": "of the token", "email": "a@acme.example" }));
        assert!(!is_whole(&connection, &token));
        let info = map(json!({ "nick": "other", "upn": "b@acme.example", "groups": ["x"] }));
        let heard = heard(&connection, said(), (token, info));
        assert_eq!(heard.said.name.as_deref(), Some("of the token"));
        assert_eq!(heard.said.email.as_deref(), Some("b@acme.example"));
        assert_eq!(heard.said.email_verified, None);
        assert_eq!(heard.groups.map(|(_, says)| says), Some(vec!["x".to_owned()]));
        assert_eq!(heard.claims["userinfo.upn"], "b@acme.example");
        assert_eq!(heard.said.subject, "s");
        Ok(())
    }

    #[test]
    fn an_address_of_another_claim_of_entra_is_never_verified() -> Result<(), ErrorCode> {
        let entra = "https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0";
        for (address, verified) in [("upn", Some(false)), ("email", Some(true))] {
            let connection = connection(entra, ["name", address, "groups"])?;
            let token = map(json!({ "upn": "b@acme.example", "xms_edov": true }));
            let heard = heard(&connection, said(), (token, Map::new()));
            assert_eq!(heard.said.email_verified, verified, "{address}");
            assert_eq!(
                heard.groups.map(|(_, says)| says),
                Some(Vec::new()),
                "a claim that is missing gives nothing"
            );
        }
        Ok(())
    }
}

//! Microsoft Entra. A document for several tenants names no issuer but a pattern of them, and an address is whatever somebody wrote into
//! their account, unless its domain is said to have been verified.

use super::{
    ask::{Asking, Http, keys},
    oidc::{Metadata, Provider},
};
use http::{Request, StatusCode, header::ACCEPT};
use iam_domain::{
    audit::ConnectionRefusal,
    connections::{
        attempt::Said,
        connection::{Connection, Preset},
        issuer::Issuer,
        word::Keeper,
    },
};
use openidconnect::IssuerUrl;
use serde_json::{Map, Value};
use std::sync::Arc;
use uuid::Uuid;

/// What stands for the tenant in the issuer of all of them.
const TENANT: &str = "{tenantid}";
/// Where that is asked for.
const ALL: &str = "organizations";
/// The tenant of everybody's personal accounts, which belong to no company or school.
const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// Reads the document for several tenants. It has to name the pattern that belongs to where it was asked for.
pub(super) fn discover(http: Http, issuer: &Issuer) -> Asking<Metadata> {
    let pattern = issuer.as_str().replace(ALL, TENANT);
    let request = Request::get(format!("{issuer}/.well-known/openid-configuration"))
        .header(ACCEPT, "application/json")
        .body(Vec::new());
    Box::pin(async move {
        let request = request.map_err(|_| ConnectionRefusal::Discovery)?;
        let answer = http.0.send(request).await.map_err(super::ask::transport)?;
        if answer.status() != StatusCode::OK {
            return Err(ConnectionRefusal::Discovery);
        }
        let found: Metadata =
            serde_json::from_slice(answer.body()).map_err(|_| ConnectionRefusal::Discovery)?;
        if found.issuer().as_str() != pattern {
            return Err(ConnectionRefusal::Discovery);
        }
        let keys = keys(http, found.jwks_uri().clone()).await?;
        Ok(found.set_jwks(keys))
    })
}

/// Whether an answer that names `iss` can come from a tenant of `pattern`.
pub(super) fn is_tenant_of(pattern: &str, iss: &str) -> bool {
    pattern.split_once(TENANT).is_some_and(|(before, after)| {
        let tenant = iss.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        tenant.is_some_and(|tenant| Uuid::try_parse(tenant).is_ok())
    })
}

/// The provider as the one whose token says `claims`, of which nothing was checked yet: its issuer is then that of the tenant, so
/// that the token counts only if it was made there. Other providers are what they are.
pub(super) fn as_tenant(
    provider: &Provider,
    connection: &Connection,
    claims: &Map<String, Value>,
) -> Result<Provider, ConnectionRefusal> {
    if connection.preset != Preset::EntraAny {
        return Ok(provider.clone());
    }
    let tenant = claims.get("tid").and_then(Value::as_str).unwrap_or_default();
    let tenant = Uuid::try_parse(tenant).map_err(|_| ConnectionRefusal::Token)?;
    let tenant = tenant.hyphenated().to_string();
    let tenants = &connection.settings.tenants;
    let welcome = if tenants.is_empty() {
        tenant != PERSONAL
    } else {
        tenants.contains(&tenant)
    };
    if !welcome {
        return Err(ConnectionRefusal::OtherTenant);
    }
    let issuer = provider.metadata.issuer().as_str().replace(TENANT, &tenant);
    let issuer = IssuerUrl::new(issuer).map_err(|_| ConnectionRefusal::Discovery)?;
    Ok(Provider {
        metadata: Arc::new(Metadata::clone(&provider.metadata).set_issuer(issuer)),
        read_at: provider.read_at,
    })
}

/// What of `said` counts, by the claims of a token that was checked and, `in_token` or not, says the address itself. Of several tenants
/// somebody is known by theirs and by their object there, which no other tenant can name.
pub(super) fn believed(
    connection: &Connection,
    claims: &Map<String, Value>,
    said: Said,
    in_token: bool,
) -> Result<Said, ConnectionRefusal> {
    if connection.keeper() != Keeper::Entra {
        return Ok(said);
    }
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    let subject = if connection.preset == Preset::EntraAny {
        let of_tenant = text("tid").zip(text("oid"));
        let (tenant, object) = of_tenant.ok_or(ConnectionRefusal::Token)?;
        format!("{}.{object}", tenant.to_ascii_lowercase())
    } else {
        said.subject
    };
    Ok(Said {
        subject,
        email_verified: Some(in_token && is_verified(claims)),
        ..said
    })
}

/// Whether a token says that the domain of its address was verified: by a company or school, since anybody has a personal account; and of
/// one of its own people (`acct`), since the address of a guest is a matter of another tenant.
fn is_verified(claims: &Map<String, Value>) -> bool {
    let verified = match claims.get("xms_edov") {
        Some(Value::Bool(says)) => *says,
        Some(Value::String(says)) => matches!(says.as_str(), "1" | "true"),
        Some(Value::Number(says)) => says.as_u64() == Some(1),
        _ => false,
    };
    let is_member = match claims.get("acct") {
        Some(Value::String(says)) => says == "0",
        Some(Value::Number(says)) => says.as_u64() == Some(0),
        _ => false,
    };
    let tenant = claims.get("tid").and_then(Value::as_str);
    verified && is_member && !tenant.is_some_and(|tenant| tenant.eq_ignore_ascii_case(PERSONAL))
}

#[cfg(test)]
mod tests {
    use super::*;
    use iam_domain::{
        connections::{
            claims::Claims,
            connection::{Provisioning, Settings},
        },
        core::visible::VisibleName,
    };
    use iam_types::{ConnectionId, ErrorCode};
    use serde_json::json;

    const PATTERN: &str = "https://login.microsoftonline.com/{tenantid}/v2.0";
    const ACME: &str = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";

    #[test]
    fn an_answer_comes_from_a_tenant_and_from_nowhere_else() {
        let at = |tenant: &str| PATTERN.replace(TENANT, tenant);
        assert!(is_tenant_of(PATTERN, &at(ACME)));
        for bad in [
            at("common"),
            at(&format!("x/{ACME}")),
            at(ACME).replace("microsoftonline", "evil"),
            at(ACME).replace(".com", ".com.evil.example"),
            at(ACME).replace("v2.0", "v1.0"),
            String::new(),
        ] {
            assert!(!is_tenant_of(PATTERN, &bad), "{bad}");
        }
    }

    fn connection(preset: Preset, issuer: &str) -> Result<Connection, ErrorCode> {
        Ok(Connection {
            id: ConnectionId::from_uuid(Uuid::nil()),
            preset,
            issuer: Issuer::of(preset, issuer)?,
            settings: Settings {
                name: VisibleName::stored("ID".to_owned()),
                client_id: "c".to_owned(),
                scopes: Vec::new(),
                provisioning: Provisioning::Joining,
                trusts_addresses: true,
                tenants: Vec::new(),
                domains: Vec::new(),
                everywhere: false,
                claims: Claims::default(),
            },
            client_secret: Vec::new(),
            created_at: chrono::DateTime::UNIX_EPOCH,
            disabled_at: None,
            groups_claim: None,
        })
    }

    fn says(connection: &Connection, claims: &Value, in_token: bool) -> Option<bool> {
        let said = Said {
            subject: "s".to_owned(),
            email: Some("ceo@acme.example".to_owned()),
            email_verified: Some(true),
            hosted: None,
            name: None,
        };
        let claims = claims.as_object().cloned().unwrap_or_default();
        let believed = believed(connection, &claims, said, in_token).ok()?;
        believed.email_verified
    }

    #[test]
    fn an_address_counts_only_if_its_domain_was_verified_there() -> Result<(), ErrorCode> {
        let entra = connection(Preset::Entra, ACME)?;
        for (claims, counts) in [
            (json!({}), false),
            (json!({ "email_verified": true }), false),
            (json!({ "xms_edov": false }), false),
            (json!({ "xms_edov": "0" }), false),
            (json!({ "xms_edov": true }), false),
            (json!({ "xms_edov": true, "acct": 1 }), false),
            (json!({ "xms_edov": true, "acct": "1" }), false),
            (json!({ "xms_edov": true, "acct": false }), false),
            (json!({ "xms_edov": "0", "acct": 0 }), false),
            (json!({ "xms_edov": true, "acct": 0, "tid": PERSONAL }), false),
            (json!({ "xms_edov": true, "acct": 0, "tid": ACME }), true),
            (json!({ "xms_edov": "1", "acct": "0" }), true),
            (json!({ "xms_edov": 1, "acct": 0 }), true),
        ] {
            assert_eq!(says(&entra, &claims, true), Some(counts), "{claims}");
            // It says so of the address that stands beside it, and of no other.
            assert_eq!(says(&entra, &claims, false), Some(false), "{claims}");
        }
        Ok(())
    }

    #[test]
    fn a_tenant_is_one_of_entra_whatever_it_is_connected_as() -> Result<(), ErrorCode> {
        let tenant = connection(Preset::Oidc, &PATTERN.replace(TENANT, ACME))?;
        let lax = json!({ "email_verified": true });
        assert_eq!(says(&tenant, &lax, true), Some(false));
        let member = json!({ "xms_edov": true, "acct": 0 });
        assert_eq!(says(&tenant, &member, true), Some(true));
        let other = connection(Preset::Oidc, "https://id.acme.example")?;
        assert_eq!(says(&other, &lax, false), Some(true));
        Ok(())
    }
}

//! A confidential app on the `openidconnect` crate.

use anyhow::{Context, ensure};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, RedirectUrl, RequestTokenError, Scope, TokenResponse,
    core::{
        CoreAuthenticationFlow, CoreClient, CoreErrorResponseType, CoreProviderMetadata, CoreUserInfoClaims,
    },
};
use std::{collections::HashMap, io};

/// The library leaves the transport to us; redirects stay unfollowed, as it advises.
async fn send(http: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let (parts, body) = request.into_parts();
    let answer = http
        .request(parts.method, parts.uri.to_string())
        .headers(parts.headers)
        .body(body)
        .send()
        .await?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut response = HttpResponse::new(answer.bytes().await?.to_vec());
    (*response.status_mut(), *response.headers_mut()) = (status, headers);
    Ok(response)
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "it speaks with the test through its output")]
async fn main() -> anyhow::Result<()> {
    let [issuer, id, redirect_uri, secret] = std::env::args()
        .skip(1)
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| anyhow::anyhow!("usage: issuer, client ID, redirect URI, client secret"))?;
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let http = |request| send(client.clone(), request);
    let metadata = CoreProviderMetadata::discover_async(IssuerUrl::new(issuer)?, &http).await?;
    let app =
        CoreClient::from_provider_metadata(metadata, ClientId::new(id), Some(ClientSecret::new(secret)))
            .set_redirect_uri(RedirectUrl::new(redirect_uri)?);

    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (request, state, nonce) = app
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scopes(["email", "offline_access"].map(|scope| Scope::new(scope.to_owned())))
        .set_pkce_challenge(challenge)
        .url();
    println!("{request}");
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    let answer: HashMap<_, _> = url::Url::parse(line.trim())?.query_pairs().into_owned().collect();
    ensure!(answer.get("state") == Some(state.secret()), "the state differs");

    let code = AuthorizationCode::new(answer.get("code").context("no code")?.clone());
    let tokens = app
        .exchange_code(code)?
        .set_pkce_verifier(verifier)
        .request_async(&http)
        .await?;
    let claims = tokens
        .id_token()
        .context("no ID token")?
        .claims(&app.id_token_verifier(), &nonce)?;
    let person: CoreUserInfoClaims = app
        .user_info(tokens.access_token().clone(), Some(claims.subject().clone()))?
        .request_async(&http)
        .await?;
    ensure!(person.email() == claims.email(), "userinfo tells another address");

    let used = tokens.refresh_token().context("no refresh token")?;
    let fresh = app.exchange_refresh_token(used)?.request_async(&http).await?;
    let next = fresh.refresh_token().context("no next refresh token")?;
    ensure!(next.secret() != used.secret(), "the refresh token stayed");
    // The answer might have got lost: until its successor is used, the token gives the same one again.
    let again = app.exchange_refresh_token(used)?.request_async(&http).await?;
    ensure!(
        again
            .refresh_token()
            .is_some_and(|token| token.secret() == next.secret()),
        "a retry gave another refresh token"
    );
    app.exchange_refresh_token(next)?.request_async(&http).await?;
    let again = app.exchange_refresh_token(used)?.request_async(&http).await;
    let Err(RequestTokenError::ServerResponse(refusal)) = again else {
        anyhow::bail!("a used refresh token was not refused");
    };
    ensure!(
        *refusal.error() == CoreErrorResponseType::InvalidGrant,
        "{refusal}"
    );
    let email = claims.email().context("no e-mail address")?.as_str();
    println!(
        "{}",
        serde_json::json!({ "sub": claims.subject().as_str(), "email": email })
    );
    Ok(())
}

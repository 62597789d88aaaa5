"""A confidential app on Authlib."""
import json
import sys
from urllib.parse import parse_qs, urlsplit

from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

issuer, client_id, redirect_uri, secret = sys.argv[1:]
server = OAuth2Session().request("GET", f"{issuer}/.well-known/openid-configuration", withhold_token=True).json()
session = OAuth2Session(
    client_id,
    secret,
    scope="openid email offline_access",
    redirect_uri=redirect_uri,
    code_challenge_method="S256",
    token_endpoint_auth_method="client_secret_post",
)

verifier, nonce = generate_token(48), generate_token(24)
request, state = session.create_authorization_url(server["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
print(request, flush=True)
answer = sys.stdin.readline().strip()
assert parse_qs(urlsplit(answer).query)["iss"] == [server["issuer"]]

tokens = session.fetch_token(
    server["token_endpoint"], authorization_response=answer, state=state, code_verifier=verifier
)
keys = KeySet.import_key_set(session.request("GET", server["jwks_uri"], withhold_token=True).json())
token = jwt.decode(tokens["id_token"], keys, algorithms=server["id_token_signing_alg_values_supported"])
claims = CodeIDToken(
    token.claims,
    token.header,
    {"iss": {"value": server["issuer"]}, "aud": {"value": client_id}},
    {"nonce": nonce, "client_id": client_id, "access_token": tokens["access_token"]},
)
claims.validate()

person = session.get(server["userinfo_endpoint"]).json()
assert (person["sub"], person["email"]) == (claims["sub"], claims["email"])
used = tokens["refresh_token"]
fresh = session.refresh_token(server["token_endpoint"], used)
assert fresh["refresh_token"] != used
# The answer might have got lost: until its successor is used, the token gives the same one again.
assert session.refresh_token(server["token_endpoint"], used)["refresh_token"] == fresh["refresh_token"]
session.refresh_token(server["token_endpoint"], fresh["refresh_token"])
try:
    session.refresh_token(server["token_endpoint"], used)
    sys.exit("a used refresh token was taken again")
except OAuthError as error:
    assert error.error == "invalid_grant", error
print(json.dumps({"sub": claims["sub"], "email": claims["email"]}))

// A public app (no secret, PKCE alone) on oauth4webapi.
import assert from 'node:assert/strict'
import * as oauth from 'oauth4webapi'
import { converse } from './converse.mjs'

const [issuer, client_id, redirectUri] = process.argv.slice(2)
const plain = { [oauth.allowInsecureRequests]: true }
const address = new URL(issuer)
const server = await oauth.processDiscoveryResponse(address, await oauth.discoveryRequest(address, plain))
const client = { client_id }

const verifier = oauth.generateRandomCodeVerifier()
const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
const request = new URL(server.authorization_endpoint)
request.search = new URLSearchParams({
  client_id,
  response_type: 'code',
  redirect_uri: redirectUri,
  scope: 'openid email offline_access',
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
  nonce,
})

const answer = oauth.validateAuthResponse(server, client, await converse(request), state)
const exchanged = await oauth.authorizationCodeGrantRequest(server, client, oauth.None(), answer, redirectUri, verifier, plain)
const tokens = await oauth.processAuthorizationCodeResponse(server, client, exchanged, { expectedNonce: nonce, requireIdToken: true })
await oauth.validateApplicationLevelSignature(server, exchanged, plain)
const { sub, email } = oauth.getValidatedIdTokenClaims(tokens)

const told = await oauth.userInfoRequest(server, client, tokens.access_token, plain)
assert.equal((await oauth.processUserInfoResponse(server, client, sub, told)).email, email)
const refresh = async (token) =>
  oauth.processRefreshTokenResponse(server, client, await oauth.refreshTokenGrantRequest(server, client, oauth.None(), token, plain))
const fresh = await refresh(tokens.refresh_token)
assert.notEqual(fresh.refresh_token, tokens.refresh_token)
// The answer might have got lost: until its successor is used, the token gives the same one again.
assert.equal((await refresh(tokens.refresh_token)).refresh_token, fresh.refresh_token)
await refresh(fresh.refresh_token)
await assert.rejects(refresh(tokens.refresh_token), { error: 'invalid_grant' })
console.log(JSON.stringify({ sub, email }))

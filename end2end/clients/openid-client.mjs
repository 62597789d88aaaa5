// A confidential app on openid-client.
import assert from 'node:assert/strict'
import * as client from 'openid-client'
import { converse } from './converse.mjs'

const [issuer, id, redirectUri, secret] = process.argv.slice(2)
const config = await client.discovery(new URL(issuer), id, secret, undefined, { execute: [client.allowInsecureRequests] })
client.enableNonRepudiationChecks(config)

const verifier = client.randomPKCECodeVerifier()
const [state, nonce] = [client.randomState(), client.randomNonce()]
const request = client.buildAuthorizationUrl(config, {
  redirect_uri: redirectUri,
  scope: 'openid email offline_access',
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
  nonce,
})

const tokens = await client.authorizationCodeGrant(config, await converse(request), {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
})
const { sub, email } = tokens.claims()
const person = await client.fetchUserInfo(config, tokens.access_token, sub)
assert.equal(person.email, email)
const fresh = await client.refreshTokenGrant(config, tokens.refresh_token)
assert.notEqual(fresh.refresh_token, tokens.refresh_token)
// The answer might have got lost: until its successor is used, the token gives the same one again.
const again = await client.refreshTokenGrant(config, tokens.refresh_token)
assert.equal(again.refresh_token, fresh.refresh_token)
await client.refreshTokenGrant(config, fresh.refresh_token)
await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), { error: 'invalid_grant' })
console.log(JSON.stringify({ sub, email }))

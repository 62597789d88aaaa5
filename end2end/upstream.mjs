// An identity provider that people sign in with: npm `oidc-provider` with a page of its own.
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'

export const client = { client_id: 'rooiam', client_secret: 'a secret of this journey' }

/** Starts one that sends people back to `redirectUri`. Whoever is chosen on its page has the address `{name}@harbour.example`. While
 * `broken()` was said, nobody answers where codes are redeemed. */
export async function startUpstream(redirectUri, names) {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${server.address().port}`
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const account = (accountId) => ({
    accountId,
    claims: () => ({ sub: accountId, email: `${accountId}@harbour.example`, email_verified: true, name: accountId }),
  })
  const provider = new Provider(issuer, {
    clients: [{ ...client, redirect_uris: [redirectUri], token_endpoint_auth_method: 'client_secret_basic' }],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['a key of this journey'] },
    findAccount: (_, id) => account(id),
    // They stand in the userinfo answer, not in the token.
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  })
  let broken = false

  async function interact(request, response) {
    const { params, prompt, session } = await provider.interactionDetails(request, response)
    const finish = (result) => provider.interactionFinished(request, response, result)
    if (prompt.name === 'consent') {
      const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id })
      grant.addOIDCScope(params.scope)
      return finish({ consent: { grantId: await grant.save() } })
    }
    if (request.method !== 'POST') {
      const buttons = names.map((name) => `<button name="as" value="${name}">${name}</button>`).join(' ')
      response.setHeader('content-type', 'text/html')
      const hint = String(params.login_hint ?? '').replaceAll(/[^\w@.]/g, '')
      return response.end(
        `<html lang="en"><title>Quay</title><link rel="icon" href="data:,"><h1>Quay ID</h1><p>Hint: ${hint}</p><form method="post">${buttons} <button name="as" value="">Deny</button></form></html>`,
      )
    }
    let body = ''
    for await (const part of request) body += part
    const chosen = new URLSearchParams(body).get('as')
    return finish(chosen ? { login: { accountId: chosen } } : { error: 'access_denied', error_description: 'Not assigned' })
  }

  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (broken && request.url.startsWith('/token')) return request.socket.destroy()
    if (!request.url.startsWith('/interaction/')) return answer(request, response)
    interact(request, response).catch((error) => response.writeHead(500).end(String(error)))
  })
  return {
    issuer,
    broken: (is) => (broken = is),
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

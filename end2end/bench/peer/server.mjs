// One process of npm `oidc-provider` with what the loads need: two public apps, one person, who signs in at once and allows what
// is asked for, refresh tokens that rotate, opaque access tokens. Started by processes.mjs, which hands over `PEER`.
import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'
import { connect } from './adapter.mjs'

const { issuer, clients, keys, cookieKey, database } = JSON.parse(process.env.PEER)
const person = { accountId: 'olivia', claims: () => ({ sub: 'olivia', email: 'olivia@harbour.example', email_verified: true }) }
const [hour, day] = [3600, 24 * 3600]

const provider = new Provider(issuer, {
  adapter: await connect(database),
  clients,
  jwks: { keys },
  cookies: { keys: [cookieKey] },
  findAccount: () => person,
  claims: { openid: ['sub'], email: ['email', 'email_verified'] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  // `offline_access` would be ignored without a page that asks each time; the apps get their refresh tokens all the same, which
  // outlive the session.
  issueRefreshToken: () => true,
  expiresWithSession: () => false,
  rotateRefreshToken: true,
  ttl: { AccessToken: hour, AuthorizationCode: 60, Grant: 14 * day, IdToken: hour, Interaction: hour, RefreshToken: 14 * day, Session: 14 * day },
})

async function interact(request, response) {
  const { params } = await provider.interactionDetails(request, response)
  const grant = new provider.Grant({ accountId: person.accountId, clientId: params.client_id })
  grant.addOIDCScope('openid email')
  await provider.interactionFinished(request, response, { login: { accountId: person.accountId }, consent: { grantId: await grant.save() } })
}

const answer = provider.callback()
const server = createServer((request, response) => {
  if (!request.url.startsWith('/interaction/')) return answer(request, response)
  interact(request, response).catch((error) => response.writeHead(500).end(String(error)))
})
server.listen(0, '127.0.0.1', () => console.log(`ready: http://localhost:${server.address().port}`))
process.once('SIGTERM', () => process.exit(0))

// Who is measured: Rooiam in one process and in several, and the peer. Each with its rows: the settings that load.lua has for a
// connection, made anew for each load.
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { PeerVisitor } from './peer/visitor.mjs'
import { database, startNodes, startPeer } from './processes.mjs'
import { Visitor, callback, verifier } from './visitor.mjs'

const slug = 'harbour-clinic'
const people = ['olivia', 'adam', 'mia', 'max'].map((name) => `${name}@harbour.example`)
const algorithms = ['ES256', 'RS256']
/** What several processes are measured with: what asks the database little, and what asks it much. */
const several = ['discovery', 'refresh ES256, chained', 'full code flow ES256', 'userinfo']

/** The rows of a provider, whichever it is. `who` gives the visitor of a connection, `tokens` what an app gets for them. */
function providerRows({ paths, apps, who, tokens, authorizePath }) {
  const page = (path) => async () => ({ kind: 'page', path })
  const chain = (alg) => async (place) => ({
    kind: 'refresh', token_path: paths.token, client_id: apps[alg], refresh_token: (await tokens(who(place), apps[alg])).refresh_token,
  })
  return {
    discovery: page(paths.discovery),
    JWKS: page(paths.jwks),
    'refresh ES256, chained': chain('ES256'),
    'refresh RS256, chained': chain('RS256'),
    'full code flow ES256': async (place) => ({
      kind: 'flow', token_path: paths.token, client_id: apps.ES256, authorize_path: authorizePath(apps.ES256), cookie: who(place).cookie,
      redirect_uri: callback, code_verifier: verifier,
    }),
    userinfo: async (place) => ({ kind: 'page', path: paths.userinfo, bearer: (await tokens(who(place), apps.ES256)).access_token }),
  }
}

/** The rows of a `rooiam dev`. */
export async function rooiamRows(origin) {
  const visitors = []
  for (const email of people) visitors.push(await new Visitor(origin).signIn(email))
  const apps = {}
  for (const alg of algorithms) apps[alg] = await visitors[0].registerApp(slug, alg)
  for (const visitor of visitors) await visitor.tokens(slug, apps.ES256)
  const who = (place) => visitors[place % visitors.length]
  const base = `/w/${slug}`
  const provider = providerRows({
    paths: {
      discovery: `${base}/.well-known/openid-configuration`, jwks: `${base}/oauth/jwks`, token: `${base}/oauth/token`, userinfo: `${base}/oauth/userinfo`,
    },
    apps, who,
    tokens: (visitor, app) => visitor.tokens(slug, app),
    authorizePath: (app) => Visitor.authorizePath(slug, app),
  })
  return {
    ...provider,
    'session check (/account/sessions)': async (place) => ({ kind: 'page', path: '/account/sessions', cookie: who(place).cookie }),
    'member list': async () => ({ kind: 'page', path: `${base}/admin/members`, cookie: visitors[0].cookie }),
  }
}

/** Rooiam as `rooiam dev` runs it and, with several `processes`, as that many `rooiam serve` on the same database. */
export async function rooiam({ origin, pid, data, binary, processes }) {
  const rows = await rooiamRows(origin)
  const one = {
    server: 'rooiam', processes: 1, rows, warming: 1,
    servers: [{ port: Number(new URL(origin).port), pid }], stores: [database(data).pid],
  }
  if (processes === 1) return [one]
  const nodes = await startNodes(binary, processes, origin, data)
  return [one, { ...one, processes, rows: Object.fromEntries(several.map((name) => [name, rows[name]])), ...nodes }]
}

/** The peer, installed in `folder`. */
export async function peer({ folder, data, processes }) {
  const sql = ['SET client_min_messages = warning', 'DROP DATABASE IF EXISTS peer', 'CREATE DATABASE peer'].flatMap((line) => ['-c', line])
  execFileSync('psql', ['-q', '-h', database(data).socket, '-U', 'postgres', ...sql])
  const pairs = { ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }), RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }) }
  const keys = algorithms.map((alg) => ({ ...pairs[alg].privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: alg }))
  const clients = algorithms.map((alg) => ({
    client_id: alg, id_token_signed_response_alg: alg, token_endpoint_auth_method: 'none', redirect_uris: [callback],
    response_types: ['code'], grant_types: ['authorization_code', 'refresh_token'],
  }))
  const settings = { issuer: 'http://peer.localhost', clients, keys, cookieKey: randomBytes(32).toString('base64url') }
  const { servers, stores } = await startPeer(folder, processes, settings, data)
  const visitors = people.map(() => new PeerVisitor(`http://localhost:${servers[0].port}`))
  for (const visitor of visitors) for (const alg of algorithms) await visitor.tokens(alg)
  const rows = providerRows({
    paths: { discovery: '/.well-known/openid-configuration', jwks: '/jwks', token: '/token', userinfo: '/me' },
    apps: { ES256: 'ES256', RS256: 'RS256' },
    who: (place) => visitors[place % visitors.length],
    tokens: (visitor, app) => visitor.tokens(app),
    authorizePath: PeerVisitor.authorizePath,
  })
  // Node.js compiles what is asked often, which takes it a while.
  return { server: 'peer', processes, rows, servers, stores, warming: 3 }
}

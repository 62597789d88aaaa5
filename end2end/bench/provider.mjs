// What the provider does in a second, and what an operation costs: called by `make bench` with the origin of a running
// `rooiam dev`, the process of the server and that of its database. Results are JSON in target/bench.json; with BENCH_AGAINST=file
// they are compared with a run that was saved.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Visitor, callback, verifier } from './visitor.mjs'

const [origin, server, database, label = 'few'] = process.argv.slice(2)
const slug = 'harbour-clinic'
const connections = 8
const seconds = Number(process.env.BENCH_SECONDS ?? 5)
const people = ['olivia', 'adam', 'mia', 'max'].map((name) => `${name}@harbour.example`)
const script = new URL('load.lua', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'rooiam-load-'))
const ticks = Number(execFileSync('getconf', ['CLK_TCK']).toString())

/** Microseconds that a process has computed, with those that it started. */
function computed(pid, withChildren) {
  const time = (id) => {
    try {
      const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1].split(' ')
      return { parent: fields[1], used: ((Number(fields[11]) + Number(fields[12])) / ticks) * 1e6 }
    } catch {
      return { used: 0 }
    }
  }
  if (!withChildren) return time(pid).used
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((id) => ({ id, ...time(id) }))
  return all.filter(({ id, parent }) => id === pid || parent === pid).reduce((sum, { used }) => sum + used, 0)
}

/** Runs one load with settings for each connection; at `rate` a second in all, or as fast as it goes. */
async function load(settings, rate) {
  settings.forEach((own, place) => {
    const every = rate ? { every: (settings.length * 1000) / rate } : {}
    writeFileSync(join(folder, `load.${place}`), Object.entries({ ...own, ...every }).map(([name, value]) => `${name}=${value}\n`).join(''))
  })
  const before = [computed(server), computed(database, true)]
  const wrk = spawn('wrk', ['-t', `${settings.length}`, '-c', `${settings.length}`, '-d', `${seconds}s`, '-s', script, origin], {
    env: { ...process.env, BENCH: join(folder, 'load') },
  })
  let text = ''
  wrk.stdout.on('data', (part) => (text += part))
  await new Promise((resolve) => wrk.once('exit', resolve))
  const found = /^\{.*\}$/m.exec(text)
  if (!found) throw new Error(`wrk said nothing:\n${text}`)
  const result = JSON.parse(found[0])
  const each = (at, was) => Math.round((at - was) / result.requests)
  return { ...result, server_us: each(computed(server), before[0]), database_us: each(computed(database, true), before[1]) }
}

/** Measures at full load and at 70 % of it. An operation may be more than one request. */
async function row(name, make, { requests = 1 } = {}) {
  const settings = await Promise.all(Array.from({ length: connections }, (_, place) => make(place)))
  const full = await load(settings)
  const again = await Promise.all(Array.from({ length: connections }, (_, place) => make(place)))
  const rate = full.requests / full.seconds
  const calm = await load(again, rate * 0.7)
  const operation = {
    name, label,
    per_second: Math.round(rate / requests),
    full: { p50: full.p50, p99: full.p99, p999: full.p999 },
    at_70_percent: { p50: calm.p50, p99: calm.p99, p999: calm.p999 },
    server_us: full.server_us * requests, database_us: full.database_us * requests,
    errors: full.errors + calm.errors,
  }
  const times = ({ p50, p99, p999 }) => `${p50}/${p99}/${p999}`
  console.log(
    `${name.padEnd(26)} ${String(operation.per_second).padStart(6)}/s, ms p50/p99/p99.9 full ${times(operation.full)}, at 70 % ${times(operation.at_70_percent)}, ` +
      `µs server ${operation.server_us}, database ${operation.database_us}${operation.errors ? `, ${operation.errors} ERRORS` : ''}`,
  )
  return operation
}

const visitors = []
for (const email of people) visitors.push(await new Visitor(origin).signIn(email))
const at = (place) => visitors[place % visitors.length]
const apps = {}
for (const alg of ['ES256', 'RS256']) apps[alg] = await visitors[0].registerApp(slug, alg)
for (const visitor of visitors) await visitor.tokens(slug, apps.ES256)

const token_path = `/w/${slug}/oauth/token`
const page = (path) => async (place) => ({ kind: 'page', path, cookie: at(place).cookie })
const chain = (alg) => async (place) => ({
  kind: 'refresh', token_path, client_id: apps[alg], refresh_token: (await at(place).tokens(slug, apps[alg])).refresh_token,
})
const wanted = [
  ['discovery', page(`/w/${slug}/.well-known/openid-configuration`)],
  ['JWKS', page(`/w/${slug}/oauth/jwks`)],
  ['refresh ES256, chained', chain('ES256')],
  ['refresh RS256, chained', chain('RS256')],
  [
    'full code flow ES256',
    async (place) => ({
      kind: 'flow', token_path, client_id: apps.ES256, authorize_path: Visitor.authorizePath(slug, apps.ES256), cookie: at(place).cookie,
      redirect_uri: callback, code_verifier: verifier,
    }),
    { requests: 3 },
  ],
  [
    'userinfo',
    async (place) => ({ kind: 'page', path: `/w/${slug}/oauth/userinfo`, bearer: (await at(place).tokens(slug, apps.ES256)).access_token }),
  ],
  ['session check (/account)', page('/account')],
  ['member list', async () => ({ kind: 'page', path: `/w/${slug}/admin/members`, cookie: visitors[0].cookie })],
]
const only = new RegExp(process.env.BENCH_ONLY ?? '')
const rows = []
for (const [name, ...how] of wanted) if (only.test(name)) rows.push(await row(name, ...how))

const file = new URL('../../target/bench.json', import.meta.url).pathname
let saved = []
try {
  saved = JSON.parse(readFileSync(file, 'utf8')).filter((one) => one.label !== label)
} catch {
  // The first run.
}
writeFileSync(file, JSON.stringify([...saved, ...rows], null, 2))
if (process.env.BENCH_AGAINST) {
  const against = JSON.parse(readFileSync(process.env.BENCH_AGAINST, 'utf8'))
  for (const one of rows) {
    const other = against.find(({ name, label }) => name === one.name && label === one.label)
    if (other) console.log(`${one.name.padEnd(26)} ${(one.per_second / other.per_second).toFixed(2)} times the saved run`)
  }
}

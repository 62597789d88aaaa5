// What it costs to sign in, and what somebody who makes the server hash passwords does to apps meanwhile. Called by `make bench` with
// a data folder, in which it runs a `rooiam dev` of its own.
import { writeFileSync } from 'node:fs'
import { rooiamRows } from './contenders.mjs'
import { load, meter } from './load.mjs'
import { Person, elsewhere } from './person.mjs'
import { freePort, startDev, stopAll } from './processes.mjs'
import { Visitor } from './visitor.mjs'

const [data] = process.argv.slice(2)
const binary = process.env.BENCH_BINARY ?? 'target/release/rooiam'
const seconds = Number(process.env.BENCH_SECONDS ?? 5)
/** How many sign in at once, and how many people take turns at it. */
const atOnce = 8
const people = 40
/** How many tokens a second apps ask for while somebody tries passwords, and how many tries are under way. */
const tokens = 150
const tries = 48

const operator = 'olivia@harbour.example'
const round = (milliseconds) => Math.round(milliseconds * 10) / 10

function percentiles(times) {
  const sorted = [...times].sort((one, other) => one - other)
  const at = (part) => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))])
  return { p50: at(0.5), p99: at(0.99) }
}

/** The sum and the count of one of the server's durations. */
async function duration(metrics, name) {
  const text = await (await fetch(`${metrics}/metrics`)).text()
  const of = (part) => Number(new RegExp(`^${name}_${part} (\\S+)$`, 'm').exec(text)?.[1] ?? 0)
  return { sum: of('sum'), count: of('count') }
}

/** Does `act` again and again, `atOnce` people at a time and each of them one after the other, until time is over or all had `turns`. */
async function repeat(all, act, turns = Infinity) {
  const end = performance.now() + seconds * 1000
  const times = []
  const worker = async (place) => {
    const own = all.filter((_, index) => index % atOnce === place)
    for (let turn = 0; turn < own.length * turns && performance.now() < end; turn++) {
      const from = performance.now()
      await act(own[turn % own.length])
      times.push(performance.now() - from)
    }
  }
  const from = performance.now()
  await Promise.all(Array.from({ length: atOnce }, (_, place) => worker(place)))
  return { times, seconds: (performance.now() - from) / 1000 }
}

async function row(name, contender, all, act, turns) {
  const [cost, before] = [meter(contender), await duration(contender.metrics, 'rooiam_slow_hash_seconds')]
  const done = await repeat(all, act, turns)
  const count = done.times.length
  const after = await duration(contender.metrics, 'rooiam_slow_hash_seconds')
  const hash_us = Math.round(((after.sum - before.sum) / count) * 1e6)
  const result = { name, label: 'sign in', per_second: Math.round(count / done.seconds), ...percentiles(done.times), ...cost(count), hash_us }
  const { per_second, p50, p99, server_us, database_us } = result
  console.log(`${name.padEnd(34)} ${String(per_second).padStart(6)}/s, ms p50/p99 ${p50}/${p99}, µs server ${server_us} (slow hash ${hash_us}), database ${database_us}`)
  return result
}

/** Tries wrong passwords until it is told to stop; how often. */
function storm(origin) {
  let [going, tried, refused] = [true, 0, 0]
  const guess = async (place) => {
    const guesser = new Person(origin, `person${place}@bench.example`)
    while (going) {
      guesser.network = elsewhere()
      await guesser.tryPassword('wrong horse battery staple').catch(() => refused++)
      tried++
    }
  }
  const all = Array.from({ length: tries }, (_, place) => guess(place))
  return async () => {
    going = false
    await Promise.all(all)
    return { tried, refused }
  }
}

/** What refreshing takes at a fixed rate, alone and while somebody tries passwords. */
async function tokensInAStorm(contender, chained) {
  const settings = () => Promise.all(Array.from({ length: atOnce }, (_, place) => chained(place)))
  await load(contender, await settings(), 2)
  const calm = await load(contender, await settings(), seconds, tokens)
  const end = storm(contender.origin)
  const stormy = await load(contender, await settings(), seconds, tokens)
  const { tried, refused } = await end()
  const told = ({ p50, p99, p999, operations, failures }) => ({ p50, p99, p999, per_second: Math.round(operations / seconds), failures })
  const result = { name: 'refresh while passwords are tried', label: 'sign in', calm: told(calm), stormy: told(stormy), tried, refused }
  const line = ({ p50, p99, p999 }) => `${p50}/${p99}/${p999}`
  console.log(`${`refresh, ${tokens} a second`.padEnd(34)} ms p50/p99/p99.9 ${line(calm)}, while ${Math.round(tried / seconds)} passwords a second are tried ${line(stormy)}`)
  return result
}

/** The platform lets people sign in with passwords. */
async function allowPasswords(origin) {
  const visitor = await new Visitor(origin).signIn(operator)
  const methods = ['email', 'passkey', 'connection', 'password'].map((name, place) => [`methods[${place}]`, name])
  const answer = await visitor.post('/fn/update_platform_sign_in', methods)
  if (answer.status >= 400) throw new Error(`passwords were not allowed: ${answer.status}`)
}

async function main() {
  const metricsPort = await freePort()
  const started = await startDev(binary, data, { ROOIAM_TRUSTED_PROXIES: '127.0.0.1', ROOIAM_METRICS_LISTEN: `127.0.0.1:${metricsPort}` })
  const contender = { ...started, metrics: `http://127.0.0.1:${metricsPort}` }
  await allowPasswords(contender.origin)
  const all = []
  for (let place = 0; place < people; place++) all.push(await new Person(contender.origin, `person${place}@bench.example`).comeIn())
  await repeat(all, (person) => person.byPasskey(), 1)
  const rows = [
    await row('sign in with a passkey', contender, all, (person) => person.byPasskey()),
    await row('sign in with a password', contender, all, (person) => person.byPassword()),
  ]
  const { 'refresh ES256, chained': chained } = await rooiamRows(contender.origin)
  rows.push(await tokensInAStorm(contender, chained))
  // Each code counts once, so everybody proves one.
  for (const person of all) await person.byPasskey()
  for (const person of all) await person.setUpTotp()
  await repeat(all, (person) => person.beginSecondFactor(), 1)
  rows.push(await row('prove a second factor (TOTP)', contender, all, (person) => person.bySecondFactor(), 1))
  writeFileSync(new URL('../../target/bench-sign-in.json', import.meta.url).pathname, JSON.stringify(rows, null, 2))
}

await main().finally(stopAll)

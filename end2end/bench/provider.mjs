// What the provider does in a second, and what an operation costs: called by `make bench` with the origin, the process and the
// data folder of a running `rooiam dev`. Results are JSON in target/bench.json; with BENCH_AGAINST=file they are compared with a
// run that was saved, with BENCH_PEER=folder they are measured by turns with the peer that is installed there.
import { readFileSync, writeFileSync } from 'node:fs'
import { peer, rooiam } from './contenders.mjs'
import { measure, resident } from './load.mjs'
import { stopAll } from './processes.mjs'

const [origin, pid, data, label = 'few'] = process.argv.slice(2)
const { BENCH_BINARY: binary = 'target/release/rooiam', BENCH_PEER: folder, BENCH_AGAINST: saved } = process.env
const number = (name, usual) => Number(process.env[name] ?? usual)
const seconds = number('BENCH_SECONDS', 5)
const processes = number('BENCH_PROCESSES', 2)
const few = label === 'few'
const rounds = number('BENCH_ROUNDS', few && folder ? 2 : 1)
const only = new RegExp(process.env.BENCH_ONLY ?? '')

function median(values) {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted.length / 2
  return Number.isInteger(middle) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)]
}

const rounded = (value) => Math.round(value * 100) / 100
const medians = (list) =>
  Object.fromEntries(Object.entries(list[0]).map(([key, value]) => {
    const values = list.map((one) => one[key])
    return [key, typeof value === 'object' ? medians(values) : rounded(median(values))]
  }))

const titled = ({ name, server, processes }) => `${name.padEnd(26)} ${`${server} × ${processes}`.padEnd(10)}`

/** One contender's row out of what its rounds gave. */
function rowOf(name, { server, processes }, measured) {
  const row = medians(measured)
  const each = measured.map(({ per_second }) => Math.round(per_second))
  const errors = measured.reduce((sum, one) => sum + one.errors, 0)
  return { name, label, server, processes, ...row, per_second: Math.round(row.per_second), rounds: each, errors }
}

function print(row) {
  const times = ({ p50, p99, p999 }) => `${p50}/${p99}/${p999}`
  console.log(
    `${titled(row)} ${String(row.per_second).padStart(6)}/s${row.rounds.length > 1 ? ` (${row.rounds.join(', ')})` : ''}, ` +
      `ms p50/p99/p99.9 full ${times(row.full)}, at 70 % ${times(row.at_70_percent)}, ` +
      `µs server ${Math.round(row.server_us)}, database ${Math.round(row.database_us)}` +
      `${row.times_peer && row.server !== 'peer' ? `, ${row.times_peer} times the peer` : ''}${row.errors ? `, ${row.errors} ERRORS` : ''}`,
  )
}

/** Measures one row of all who have it: the first of each, then the second of each, so that what changes meanwhile meets all. */
async function compare(name, contenders) {
  const entrants = contenders.filter(({ rows }) => rows[name]).map((contender) => ({ contender, measured: [] }))
  for (let round = 0; round < rounds; round++) {
    for (const { contender, measured } of entrants) measured.push(await measure(contender, contender.rows[name], seconds))
  }
  const rows = entrants.map(({ contender, measured }) => rowOf(name, contender, measured))
  const other = rows.find(({ server }) => server === 'peer')
  if (other) for (const row of rows) if (row !== other) row.times_peer = rounded(row.per_second / other.per_second)
  rows.forEach(print)
  return rows
}

function tellMemory(when, contenders) {
  // That of `rooiam dev` is told by whoever started it.
  for (const { server, processes, servers } of contenders.slice(1)) {
    const memory = servers.map(({ pid }) => resident(pid)).join(' + ')
    console.log(`${`${server} × ${processes}, ${when}`.padEnd(34)} ${memory} KiB, started in ${servers.map(({ milliseconds }) => milliseconds).join(' and ')} ms`)
  }
}

function save(rows) {
  const file = new URL('../../target/bench.json', import.meta.url).pathname
  let kept = []
  try {
    kept = JSON.parse(readFileSync(file, 'utf8')).filter((one) => one.label !== label)
  } catch {
    // The first run.
  }
  writeFileSync(file, JSON.stringify([...kept, ...rows], null, 2))
}

function compareWithSaved(rows) {
  const against = JSON.parse(readFileSync(saved, 'utf8'))
  for (const row of rows) {
    const same = ({ name, label, server = 'rooiam', processes = 1 }) =>
      name === row.name && label === row.label && server === row.server && processes === row.processes
    const other = against.find(same)
    if (other) console.log(`${titled(row)} ${(row.per_second / other.per_second).toFixed(2)} times the saved run`)
  }
}

const contenders = await rooiam({ origin, pid: Number(pid), data, binary, processes: few ? processes : 1 })
if (few && folder) contenders.push(await peer({ folder, data, processes }))
tellMemory('idle', contenders)
const rows = []
for (const name of Object.keys(contenders[0].rows)) if (only.test(name)) rows.push(...(await compare(name, contenders)))
tellMemory('after load', contenders)
await stopAll()
save(rows)
if (saved) compareWithSaved(rows)

// One load of wrk on one or more server processes, and what it costs them and their databases.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const connections = 8
const script = new URL('load.lua', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'rooiam-load-'))
const ticks = Number(execFileSync('getconf', ['CLK_TCK']).toString())
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

/** Who started a process, and the microseconds that it computed itself and that what it started had computed when it ended. */
function times(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    const micros = (...places) => places.reduce((sum, place) => sum + (Number(fields[place]) / ticks) * 1e6, 0)
    return { parent: Number(fields[1]), own: micros(11, 12), ended: micros(13, 14) }
  } catch {
    return { own: 0, ended: 0 }
  }
}

const total = (list) => list.reduce((sum, value) => sum + value, 0)
const computed = (pids) => total(pids.map((pid) => times(pid).own))

/** Microseconds that processes have computed with all that they started, as PostgreSQL does for each connection. */
function computedByAll(pids) {
  const started = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(times).filter(({ parent }) => pids.includes(parent))
  return computed(pids) + total(pids.map((pid) => times(pid).ended)) + total(started.map(({ own }) => own))
}

/** Memory that a process holds, in KiB. */
export const resident = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1])

/** Counts from now on; called with how many operations there were since, it tells what one cost. */
export function meter({ servers, stores }) {
  const pids = servers.map(({ pid }) => pid)
  const before = [computed(pids), computedByAll(stores)]
  return (operations) => ({
    server_us: Math.round((computed(pids) - before[0]) / operations), database_us: Math.round((computedByAll(stores) - before[1]) / operations),
  })
}

/** Runs one load with settings for each connection; at `rate` requests a second in all, or as fast as it goes. */
export async function load(contender, settings, seconds, rate) {
  settings.forEach((own, place) => {
    const every = rate ? { every: (settings.length * 1000) / rate } : {}
    writeFileSync(join(folder, `load.${place}`), Object.entries({ ...own, ...every }).map(([name, value]) => `${name}=${value}\n`).join(''))
  })
  const ports = contender.servers.map(({ port }) => port)
  const cost = meter(contender)
  const each = `${settings.length}`
  const wrk = spawn('wrk', ['-t', each, '-c', each, '-d', `${seconds}s`, '-s', script, `http://localhost:${ports[0]}`], {
    env: { ...process.env, BENCH: join(folder, 'load'), BENCH_PORTS: ports.join(',') },
  })
  let text = ''
  for (const stream of [wrk.stdout, wrk.stderr]) stream.on('data', (part) => (text += part))
  await new Promise((resolve) => wrk.once('close', resolve))
  const found = /^\{.*\}$/m.exec(text)
  if (!found) throw new Error(`wrk said nothing:\n${text}`)
  const result = JSON.parse(found[0])
  if (result.operations === 0) throw new Error(`nothing worked: ${found[0]}`)
  return { ...result, ...cost(result.operations) }
}

/** Measures at full load and at 70 % of it. `make` gives the settings of a connection. */
export async function measure(contender, make, seconds) {
  const settings = () => Promise.all(Array.from({ length: connections }, (_, place) => make(place)))
  // Connections to the database are opened before anything counts.
  await load(contender, await settings(), contender.warming)
  const full = await load(contender, await settings(), seconds)
  const calm = await load(contender, await settings(), seconds, (full.requests / full.seconds) * 0.7)
  const latency = ({ p50, p99, p999 }) => ({ p50, p99, p999 })
  return {
    per_second: full.operations / full.seconds,
    full: latency(full),
    at_70_percent: latency(calm),
    server_us: full.server_us,
    database_us: full.database_us,
    errors: full.errors + calm.errors,
  }
}

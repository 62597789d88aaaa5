// Server processes that a measurement needs beside the `rooiam dev` that it is called with. They listen on free ports of this
// machine and end with us.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const started = []
process.once('exit', () => started.forEach((child) => child.kill('SIGKILL')))
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

/** Starts a program and waits until it says `ready`, whose first group is its port. */
async function start(command, args, settings, ready) {
  const from = performance.now()
  const child = spawn(command, args, { env: { ...process.env, ...settings }, stdio: ['ignore', 'pipe', 'pipe'] })
  started.push(child)
  let text = ''
  const port = await new Promise((resolve, reject) => {
    const read = (part) => {
      if (text.length > 1e5) return
      text += String(part).replace(/\x1b\[\d*m/g, '')
      const found = ready.exec(text)
      if (found) resolve(Number(found[1]))
    }
    for (const stream of [child.stdout, child.stderr]) stream.on('data', read)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}: ${text}`)))
  })
  return { port, pid: child.pid, milliseconds: Math.round(performance.now() - from) }
}

/** Where the PostgreSQL of a `rooiam dev` is found. */
export const database = (data) => ({
  socket: join(data, 'postgres'),
  pid: Number(readFileSync(join(data, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]),
})

/** Ends everything that was started here. */
export async function stopAll() {
  const ends = started.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).map((child) => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    return ended
  })
  await Promise.all(ends)
}

/** A port of this machine that nobody listens at. */
export async function freePort() {
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const { port } = free.address()
  await new Promise((resolve) => free.close(resolve))
  return port
}

/** A `rooiam dev` of its own in `data`, where a name leads: an address owns no passkeys. */
export async function startDev(binary, data, settings) {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const given = { ...settings, ROOIAM_DATA_DIR: data, ROOIAM_PUBLIC_URL: origin, ROOIAM_LISTEN: `127.0.0.1:${port}` }
  const server = await start(binary, ['dev'], given, /ready: \S+:(\d+)/)
  return { origin, servers: [server], stores: [database(data).pid] }
}

async function startRedis(data) {
  const socket = join(data, 'redis')
  const args = ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', data]
  const redis = spawn('redis-server', args, { stdio: 'ignore' })
  started.push(redis)
  for (let tries = 0; !existsSync(socket); tries++) {
    if (tries === 200) throw new Error('Redis did not start')
    await pause(20)
  }
  return { url: `unix://${socket}`, pid: redis.pid }
}

/** Several `rooiam serve` as an operator runs them: the database, the origin and the master key of a `rooiam dev`, and a Redis. */
export async function startNodes(binary, count, origin, data) {
  const { socket, pid } = database(data)
  const redis = await startRedis(data)
  const settings = {
    DATABASE_URL: `postgres://rooiam_app@localhost/rooiam?host=${socket}`,
    REDIS_URL: redis.url,
    // Nobody signs in by mail while they run.
    SMTP_URL: 'smtp://127.0.0.1:9',
    ROOIAM_PUBLIC_URL: origin,
    ROOIAM_MASTER_KEY: readFileSync(join(data, 'master.key'), 'utf8'),
    ROOIAM_LISTEN: '127.0.0.1:0',
  }
  const servers = []
  for (let place = 0; place < count; place++) servers.push(await start(binary, ['serve'], settings, /ready.*address=127\.0\.0\.1:(\d+)/))
  return { servers, stores: [pid, redis.pid] }
}

/** Several processes of the peer, on a database of their own in the same PostgreSQL. */
export async function startPeer(folder, count, settings, data) {
  const { socket, pid } = database(data)
  const servers = []
  // The first one makes the table.
  for (let place = 0; place < count; place++) {
    const given = { NODE_ENV: 'production', PEER: JSON.stringify({ ...settings, database: { host: socket, user: 'postgres', database: 'peer' } }) }
    servers.push(await start(process.execPath, [join(folder, 'server.mjs')], given, /ready: \S+:(\d+)/))
  }
  return { servers, stores: [pid] }
}

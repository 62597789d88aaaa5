// `rooiam dev` survives the sudden death of its database, and its own.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolder, startRooiam } from './house.mjs'

async function until(what, check) {
  for (let tries = 0; tries < 200; tries++) {
    if (await check().catch(() => false)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`in vain: ${what}`)
}

const ask = async (origin, email) => {
  const answer = await fetch(`${origin}/fn/request_magic_link`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin, accept: 'text/html' },
    body: new URLSearchParams({ email, slug: '', request: '' }),
  })
  return answer.headers.get('location')?.startsWith('/login/sent?') ?? false
}

test('the database and the server come back after kill -9', async () => {
  const folder = makeFolder()
  const postmaster = () => Number(readFileSync(join(folder, 'data/postgres/data/postmaster.pid'), 'utf8').split('\n')[0])
  const first = await startRooiam(folder)
  assert.ok(await ask(first.origin, 'ada@example.com'))

  const dead = postmaster()
  process.kill(dead, 'SIGKILL')
  await until('a new database', async () => postmaster() !== dead && (await fetch(`${first.origin}/readyz`)).ok)
  assert.ok(await ask(first.origin, 'ada@example.com'))

  const rival = await startRooiam(folder).catch((error) => error)
  assert.match(String(rival), /ended with 1/, 'two servers never share a folder')

  const ended = new Promise((resolve) => first.process.once('exit', resolve))
  first.process.kill('SIGKILL')
  await ended
  const second = await startRooiam(folder)
  assert.ok(await ask(second.origin, 'grace@example.com'))
  const last = postmaster()
  await second.stop()
  assert.throws(() => process.kill(last, 0), 'the database stops with the server')
})

test('told to end while it starts, the server leaves no database behind', async () => {
  const folder = makeFolder()
  const pid = join(folder, 'data/postgres/data/postmaster.pid')
  const env = { ...process.env, ROOIAM_DATA_DIR: join(folder, 'data'), ROOIAM_LISTEN: '127.0.0.1:0' }
  const server = spawn('target/debug/rooiam', ['dev'], { env, stdio: 'ignore' })
  const ended = once(server, 'exit')
  await until('a database', async () => existsSync(pid))
  const database = Number(readFileSync(pid, 'utf8').split('\n')[0])
  server.kill('SIGTERM')
  assert.deepEqual(await ended, [0, null])
  assert.throws(() => process.kill(database, 0), 'the database stops with the server')
  rmSync(folder, { recursive: true })
})

test('rooiam dev names the folder that its database cannot enter', { skip: process.getuid() !== 0 && 'only root has a database of another user' }, () => {
  const folder = makeFolder()
  chmodSync(folder, 0o700)
  const env = { ...process.env, ROOIAM_DATA_DIR: join(folder, 'data'), RUST_BACKTRACE: '1' }
  const run = spawnSync('target/debug/rooiam', ['dev'], { env, encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  assert.equal(run.status, 1)
  assert.equal(run.stderr.trim().split('\n').length, 1, run.stderr)
  assert.ok(run.stderr.includes(`cannot enter ${folder}:`), run.stderr)
})

test('rooiam dev serves this machine only', () => {
  const run = spawnSync('target/debug/rooiam', ['dev'], { env: { ...process.env, ROOIAM_LISTEN: '0.0.0.0:0' }, encoding: 'utf8' })
  assert.equal(run.status, 1)
  assert.match(run.stderr, /ROOIAM_LISTEN/)
})

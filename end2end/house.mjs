// Starts what a journey needs: the server under test, a customer's app, a browser.
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'

const artifacts = new URL('./artifacts/', import.meta.url).pathname
const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

/** Makes a data folder. */
export function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'rooiam-e2e-'))
  // PostgreSQL runs as another user when we are root, and must get in.
  chmodSync(folder, 0o755)
  return folder
}

/** Settings for a server where a name leads: an address owns no passkeys. */
async function named() {
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const { port } = free.address()
  await new Promise((resolve) => free.close(resolve))
  return { ROOIAM_PUBLIC_URL: `http://localhost:${port}`, ROOIAM_LISTEN: `127.0.0.1:${port}` }
}

/** Runs `rooiam dev` where a name leads. */
export const startNamedRooiam = async () => startRooiam(makeFolder(), await named())

/** The same, and `die()` kills it as a machine that loses its power does, and starts it again. */
export async function startMortalRooiam() {
  const [folder, settings] = [makeFolder(), await named()]
  let life = await startRooiam(folder, settings)
  const die = async () => {
    const ended = once(life.process, 'exit')
    life.process.kill('SIGKILL')
    await ended
    life = await startRooiam(folder, settings)
  }
  return { origin: life.origin, die, stop: () => life.stop() }
}

/** Gives a page an authenticator of its own, as a laptop with a fingerprint reader has one. `tell` sends it what DevTools can. */
export async function giveAuthenticator({ context, page }) {
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  const tell = (what, more = {}) => devtools.send(`WebAuthn.${what}`, { authenticatorId, ...more })
  return { tell }
}

/** Runs `rooiam dev` on a free port. */
export async function startRooiam(folder = makeFolder(), settings = {}, more = []) {
  const server = spawn('target/debug/rooiam', ['dev', ...more], {
    env: { ...process.env, ROOIAM_LISTEN: '127.0.0.1:0', ...settings, ROOIAM_DATA_DIR: join(folder, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  server.stderr.on('data', (part) => (log += part))
  const origin = await new Promise((resolve, reject) => {
    let text = ''
    server.stdout.on('data', (part) => {
      text += part
      const found = /ready: (\S+)/.exec(text)
      if (found) resolve(found[1])
    })
    server.once('exit', (code) => reject(new Error(`rooiam ended with ${code}: ${log}`)))
  })
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGTERM')
      await ended
    } else if (!server.killed) throw new Error(`rooiam ended by itself: ${server.signalCode ?? server.exitCode}\n${log}`)
    if (log.includes('panicked')) throw new Error(log)
    rmSync(folder, { recursive: true, force: true })
  }
  return { origin, stop, process: server }
}

export const startBrowser = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--host-resolver-rules=MAP *.clinic.example 127.0.0.1', '--no-sandbox', '--disable-gpu', '--disable-quic'] })

/** A browser of its own whose console must stay silent. */
export async function openPage(browser, scripts = true) {
  const context = await browser.newContext({ javaScriptEnabled: scripts, locale: 'en-GB', reducedMotion: 'reduce' })
  const page = await context.newPage()
  const complaints = []
  // The browser itself reports the answer to a form that has a mistake in it.
  const ignored = /status of (409|410|422)/
  page.on('console', (line) => (line.type() === 'error' || (scripts && line.type() === 'warning')) && !ignored.test(line.text()) && complaints.push(line.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  const settle = () => (scripts ? page.waitForLoadState('networkidle') : Promise.resolve())
  return { context, page, scripts, settle, complaints }
}

/** Wakes the islands of a page, as whoever begins to use it does. */
export async function wake(page) {
  await page.mouse.move(1, 1)
  await page.mouse.move(2, 2)
  await page.waitForFunction(() => !document.querySelector('leptos-island') || document.documentElement.dataset.islands === 'awake')
}

/** Types an address into the sign-in form that `page` shows. */
export async function askForMail({ page, settle }, email) {
  await settle()
  await page.getByLabel('Email address').fill(email)
  await page.getByRole('button', { name: 'Continue with email' }).click()
  await page.getByRole('heading', { name: 'Check your email' }).waitFor()
}

/** Types a code where it is asked for: with scripts its last digit sends it. */
export async function typeCode({ page, scripts, settle }, code) {
  await settle()
  if (scripts) await wake(page)
  await page.getByLabel('6-digit code').fill(code)
  if (!scripts) await page.getByRole('button', { name: 'Sign in with code' }).click()
}

/** What an authenticator app with this key shows (RFC 6238), `ahead` steps from now. */
export function authenticatorCode(key, ahead = 0) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...key.replace(/\s/g, '')].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const seed = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead))
  const mac = createHmac('sha1', seed).update(step).digest()
  const from = mac[19] & 15
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

const usedLinks = new Set()

/** The link of the newest mail: on a slow machine one that was used may still be the newest for a moment. */
async function unusedLink(origin, email) {
  for (let tries = 0; tries < 100; tries++) {
    const { link } = await newestMail(origin, email)
    if (!usedLinks.has(link)) {
      usedLinks.add(link)
      return link
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`no new mail to ${email}`)
}

/** Signs in by the link of the mail and comes to the workspaces. */
export async function signIn(visitor, origin, email, arrival = 'Your workspaces') {
  await visitor.page.goto(`${origin}/login`)
  await askForMail(visitor, email)
  await visitor.page.goto(await unusedLink(origin, email))
  await visitor.page.getByRole('button', { name: 'Confirm and sign in' }).click()
  await visitor.page.getByRole('heading', { name: arrival }).waitFor()
  await visitor.settle()
}

/** A customer's callback address; `next()` gives the URL of the next answer. */
export async function startCallback() {
  const waiting = []
  const arrived = []
  const server = createServer((request, response) => {
    const url = new URL(request.url, `http://localhost:${server.address().port}`)
    response.end('back at the app')
    if (url.pathname !== '/callback') return
    const taker = waiting.shift()
    if (taker) taker(url)
    else arrived.push(url)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A journey that fails on its way here ends all the same.
  server.unref()
  return {
    uri: `http://localhost:${server.address().port}/callback`,
    next: () => (arrived.length ? Promise.resolve(arrived.shift()) : new Promise((resolve) => waiting.push(resolve))),
    stop: () => server.close(),
  }
}

/** The newest mail to `address` that has a link with `mark` in it. */
async function newest(origin, address, mark) {
  for (let tries = 0; tries < 100; tries++) {
    const page = await (await fetch(`${origin}/dev/mailbox`)).text()
    const mail = page.split('<li class="mail">').slice(1).find((part) => part.includes(address) && part.includes(mark))
    if (mail) return { mail, link: new RegExp(`href="([^"]+${mark}[^"]+)"`).exec(mail)[1].replaceAll('&amp;', '&') }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`no mail to ${address}`)
}

/** The newest sign-in mail to `address`: its link and code. */
export async function newestMail(origin, address) {
  const { mail, link } = await newest(origin, address, 'token=')
  return { link, code: /code is (\d{6})/.exec(mail)[1] }
}

/** The newest mail that proves the new address `address`: its link and code. */
export async function newestAddressMail(origin, address) {
  const { mail, link } = await newest(origin, address, 'addresses/verify')
  return { link, code: /(\d{6}) is your code/.exec(mail)[1] }
}

/** The link of the newest mail that says `address` was removed. */
export const newestRestore = async (origin, address) => (await newest(origin, address, 'removed=')).link

/** The link of the newest mail that tells `address` of a recovery. */
export const newestRecovery = async (origin, address) => (await newest(origin, address, 'recovery=')).link

/** The link of the newest invitation to `address`. */
export const newestInvitation = async (origin, address) => (await newest(origin, address, 'invitation=')).link

/** What axe finds on a page. It is evaluated through the debugger, so the page's own policy stays as strict as it is. */
export async function barriers(page) {
  const found = await page.evaluate(`(() => { ${axe}; return axe.run(document, { resultTypes: ['violations'] }) })()`)
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`)
}

/** Takes pictures of a page and lets axe look for barriers. `every_page.test.mjs` does so for pages as they come; journeys for
 * the states that pages get into. */
export async function look(page, name, scripts = true) {
  mkdirSync(artifacts, { recursive: true })
  const mode = scripts ? 'scripts' : 'plain'
  for (const [look, size, scheme] of [
    ['light', { width: 1180, height: 780 }, 'light'],
    ['dark', { width: 1180, height: 780 }, 'dark'],
    ['phone', { width: 390, height: 780 }, 'light'],
  ]) {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme: scheme })
    await page.screenshot({ path: `${artifacts}${name}-${mode}-${look}.png`, fullPage: true })
    if (!scripts) continue
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) throw new Error(`${name} scrolls sideways (${look})`)
    // What differs on a phone is seen by width; what axe would find there it has found before.
    const found = look === 'phone' ? [] : await barriers(page)
    if (found.length) throw new Error(`${name} (${look}) has barriers:\n${found.join('\n')}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1180, height: 780 })
}

/** Runs a customer's app of `clients/`: gives its authorization request, takes the answer, tells whom it signed in. */
export function runClient([command, ...args]) {
  const app = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let complaints = ''
  app.stderr.on('data', (part) => (complaints += part))
  const ended = new Promise((resolve, reject) => {
    app.once('error', reject)
    app.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${args[0] ?? command} ended with ${code}: ${complaints}`))))
  })
  const lines = createInterface({ input: app.stdout })
  const nextLine = () => Promise.race([once(lines, 'line').then(([line]) => line), ended.then(() => Promise.reject(new Error('it said too little')))])
  return {
    request: nextLine(),
    finish: async (answer) => {
      const told = nextLine()
      app.stdin.end(`${answer}\n`)
      const line = await told
      await ended
      return JSON.parse(line)
    },
  }
}

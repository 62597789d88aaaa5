// Ordinary client libraries sign a person in. The browser runs no scripts: only redirects and forms count here.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newestMail, runClient, startBrowser, startCallback, startRooiam } from '../house.mjs'

const email = 'ada@example.com'
let rooiam, browser, callback, page
before(async () => {
  ;[rooiam, browser, callback] = await Promise.all([startRooiam(), startBrowser(), startCallback()])
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' })
  page = await context.newPage()
  await page.goto(`${rooiam.origin}/login`)
  await page.getByLabel('Email address').fill(email)
  await page.getByRole('button', { name: 'Continue with email' }).click()
  await page.goto((await newestMail(rooiam.origin, email)).link)
  await page.getByRole('button', { name: 'Confirm and sign in' }).click()
  await page.goto(`${rooiam.origin}/workspaces/new`)
  await page.getByLabel('Name').fill('Acme Instruments')
  await page.getByLabel('Address').fill('acme')
  await page.getByRole('button', { name: 'Create workspace' }).click()
})
after(async () => {
  await browser?.close()
  callback?.stop()
  await rooiam?.stop()
})

/** Registers an app and returns what its developer copies. */
async function register(name, secret, algorithm) {
  await page.goto(`${rooiam.origin}/w/acme/admin/apps/new`)
  await page.getByLabel('Name').fill(name)
  await page.getByLabel(secret ? 'Web server' : 'Browser or native app').check()
  await page.getByLabel('Redirect URIs').fill(callback.uri)
  await page.getByLabel('ID token signing algorithm').selectOption(algorithm)
  await page.getByRole('button', { name: 'Create app' }).click()
  await page.getByRole('heading', { name, exact: true }).waitFor()
  const value = (label) => page.locator('.copyable', { hasText: label }).locator('code').first().textContent()
  const app = [await value('Issuer'), await value('Client ID'), callback.uri]
  return secret ? [...app, await value('Client secret')] : app
}

const python = process.env.PYTHON ?? 'python3'
for (const [name, kind, algorithm, command] of [
  ['openid-client', 'confidential', 'RS256', ['node', 'end2end/clients/openid-client.mjs']],
  ['oauth4webapi', 'public', 'ES256', ['node', 'end2end/clients/oauth4webapi.mjs']],
  ['Authlib', 'confidential', 'EdDSA', [python, 'end2end/clients/authlib_client.py']],
  ['openidconnect', 'confidential', 'ES256', ['target/debug/examples/openidconnect']],
]) {
  test(`${name} signs a person in (${kind} app, ${algorithm})`, async () => {
    const client = runClient([...command, ...(await register(name, kind === 'confidential', algorithm))])
    const answer = callback.next()
    await page.goto(await client.request)
    await page.getByRole('heading', { name: `${name} wants to access your account` }).waitFor()
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    const person = await client.finish(await answer)
    assert.equal(person.email, email)
    assert.match(person.sub, /^\S+$/)
  })
}

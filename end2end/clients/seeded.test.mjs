// A workspace out of a file, and a script that signs in there: what a conformance suite needs of us.
import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeFolder, runClient, startBrowser, startCallback, startRooiam } from '../house.mjs'

const person = { email: 'ada@conformance.example', name: 'Ada Lovelace', password: 'correct horse battery staple' }
let rooiam, browser, callback, seeded
before(async () => {
  ;[browser, callback] = await Promise.all([startBrowser(), startCallback()])
  const folder = makeFolder()
  const file = join(folder, 'seed.json')
  const app = (name) => ({ name, client_type: 'confidential', redirect_uris: [callback.uri], id_token_alg: 'RS256' })
  writeFileSync(file, JSON.stringify({ workspace: { name: 'Conformance', slug: 'conformance' }, people: [person], apps: [app('First client'), app('Second client')] }))
  rooiam = await startRooiam(folder, {}, ['--seed', file])
  const told = join(folder, 'data', 'seeded.json')
  assert.equal(statSync(told).mode & 0o777, 0o600)
  seeded = JSON.parse(readFileSync(told, 'utf8'))
})
after(async () => {
  await browser?.close()
  callback?.stop()
  await rooiam?.stop()
})

test('each app of the file signs its person in with the password that the file says', async () => {
  assert.equal(seeded.issuer, `${rooiam.origin}/w/conformance`)
  assert.equal((await fetch(seeded.discovery)).status, 200)
  assert.equal(new Set(seeded.apps.map(({ client_id }) => client_id)).size, 2)
  for (const app of seeded.apps) {
    const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' })
    const page = await context.newPage()
    const client = runClient(['node', 'end2end/clients/openid-client.mjs', seeded.issuer, app.client_id, callback.uri, app.client_secret])
    const answer = callback.next()
    await page.goto(await client.request)
    await page.getByRole('link', { name: 'Use a password' }).click()
    await page.getByLabel('Email address').fill(person.email)
    await page.locator('#password').fill(person.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: `${app.name} wants to access your account` }).waitFor()
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    assert.equal((await client.finish(await answer)).email, person.email)
    await context.close()
  }
})

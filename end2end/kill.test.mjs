// The server dies between every two steps of a flow, and the person goes on where they were.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { askForMail, authenticatorCode, giveAuthenticator, newestAddressMail, newestMail, openPage, signIn, startBrowser, startCallback, startMortalRooiam, wake } from './house.mjs'

let rooiam, browser, callback, clientId
before(async () => {
  ;[rooiam, browser, callback] = await Promise.all([startMortalRooiam(), startBrowser(), startCallback()])
  const { page, context } = await openPage(browser, false)
  await signIn({ page, settle: async () => {} }, rooiam.origin, 'olivia@harbour.example')
  await page.goto(`${rooiam.origin}/w/harbour-clinic/admin/apps/new`)
  await page.getByLabel('Name').fill('Ward round')
  await page.getByLabel('Browser or native app').check()
  await page.getByLabel('Redirect URIs').fill(callback.uri)
  await page.getByRole('button', { name: 'Create app' }).click()
  await page.getByRole('heading', { name: 'Ward round', exact: true }).waitFor()
  clientId = page.url().split('/').at(-1)
  await context.close()
})
after(async () => {
  await browser?.close()
  callback?.stop()
  await rooiam?.stop()
})

const heading = (page, name) => page.getByRole('heading', { name, exact: true }).waitFor()
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const request = () =>
  `${rooiam.origin}/w/harbour-clinic/oauth/authorize?${new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: callback.uri,
    scope: 'openid offline_access',
    prompt: 'consent',
    state: 's',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  })}`

async function token(form) {
  const answer = await fetch(`${rooiam.origin}/w/harbour-clinic/oauth/token`, { method: 'POST', body: new URLSearchParams({ client_id: clientId, ...form }) })
  assert.equal(answer.status, 200, await answer.clone().text())
  return answer.json()
}

/** Sets up an authenticator app, with deaths between its steps; gives its key. */
async function setUp(page) {
  await page.goto(`${rooiam.origin}/account/security/authenticator`)
  await rooiam.die()
  await page.getByRole('button', { name: 'Continue' }).click()
  await heading(page, '1. Scan the QR code')
  const key = await page.locator('.copyable code').innerText()
  await rooiam.die()
  await page.getByLabel('6-digit code').fill(authenticatorCode(key))
  await page.getByRole('button', { name: 'Turn on' }).click()
  await heading(page, 'Recovery codes')
  return key
}

test('by mail and code, with a second factor, on the way to an app', async () => {
  const visitor = await openPage(browser, false)
  const { page, context } = visitor
  const email = 'max@harbour.example'
  await signIn(visitor, rooiam.origin, email)
  const key = await setUp(page)
  await context.clearCookies()

  await page.goto(request())
  await rooiam.die()
  await askForMail(visitor, email)
  const { link } = await newestMail(rooiam.origin, email)
  await rooiam.die()
  await page.goto(link)
  await rooiam.die()
  await page.getByRole('button', { name: 'Confirm and sign in' }).click()
  await heading(page, 'Two-step verification')
  await rooiam.die()
  await page.getByLabel('6-digit code').fill(authenticatorCode(key, 1))
  await page.getByRole('button', { name: 'Verify' }).first().click()
  const allow = page.getByRole('button', { name: 'Allow', exact: true })
  await allow.waitFor()
  await rooiam.die()
  await allow.click()
  const code = (await callback.next()).searchParams.get('code')
  await rooiam.die()
  const first = await token({ grant_type: 'authorization_code', code, redirect_uri: callback.uri, code_verifier: verifier })
  await rooiam.die()
  const second = await token({ grant_type: 'refresh_token', refresh_token: first.refresh_token })
  await rooiam.die()
  const info = await fetch(`${rooiam.origin}/w/harbour-clinic/oauth/userinfo`, { headers: { authorization: `Bearer ${second.access_token}` } })
  assert.equal(info.status, 200)
  // The session outlived them all.
  await page.goto(`${rooiam.origin}/workspaces`)
  await heading(page, 'Your workspaces')
  await context.close()
})

test('a passkey that is being added, and one that signs in', async () => {
  const visitor = await openPage(browser)
  const { page, context } = visitor
  await giveAuthenticator(visitor)
  await signIn(visitor, rooiam.origin, 'ada@example.com', 'Sign in faster next time')
  // Between what the authenticator was asked and what it answers.
  for (const form of ['add_passkey', 'redeem_passkey']) {
    await page.route(`**/fn/${form}`, async (route) => {
      await rooiam.die()
      await route.continue()
    })
  }
  await page.goto(`${rooiam.origin}/account/security`)
  await wake(page)
  await page.getByRole('button', { name: 'Add passkey' }).click()
  await page.getByText('Passkey added').waitFor()
  await context.clearCookies()
  // It is touched as soon as the field for the address asks for it.
  await page.goto(`${rooiam.origin}/login`)
  await heading(page, 'Your workspaces')
  await context.close()
})

test('an address that is being added', async () => {
  const visitor = await openPage(browser, false)
  const { page, context } = visitor
  await signIn(visitor, rooiam.origin, 'grace@example.com')
  await page.goto(`${rooiam.origin}/account/addresses`)
  await rooiam.die()
  await page.getByLabel('Email address').fill('grace@second.example')
  await page.getByRole('button', { name: 'Send code' }).click()
  const { link } = await newestAddressMail(rooiam.origin, 'grace@second.example')
  await rooiam.die()
  await page.goto(link)
  await rooiam.die()
  await page.getByRole('button', { name: 'Verify and add' }).click()
  await page.getByText('grace@second.example').first().waitFor()
  assert.match(page.url(), /\/account\/addresses$/)
  await context.close()
})

test('a form that was on its way when the server died is sent once more', async () => {
  const visitor = await openPage(browser)
  const { page, context } = visitor
  const email = 'linus@example.com'
  await page.goto(`${rooiam.origin}/login`)
  await askForMail(visitor, email)
  const { link } = await newestMail(rooiam.origin, email)
  await page.goto(link)
  const form = await page.locator('form').first().evaluate((one) => ({ url: one.action, form: Object.fromEntries(new FormData(one)) }))
  const send = () => context.request.post(form.url, { form: form.form, headers: { origin: rooiam.origin, accept: 'text/html' }, maxRedirects: 0 })
  const lost = send().catch(() => 'lost')
  await rooiam.die()
  await lost
  const answer = await send()
  assert.ok([302, 303].includes(answer.status()), `${answer.status()}`)
  await page.goto(`${rooiam.origin}/workspaces`)
  await heading(page, 'Your workspaces')
  await context.close()
})

// The last step, from our pages to the app, under the rules of a real browser: an app whose callback leads on to a third
// origin, and an app that signs people in through a window of its own.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { askForMail, look, newestMail, openPage, signIn, startBrowser, startRooiam, typeCode } from './house.mjs'

/** A website of its own origin; `answer` takes a request's URL and gives status, headers and body. */
async function startSite(answer) {
  const server = createServer((request, response) => {
    const { status = 200, headers = {}, body = '' } = answer(new URL(request.url, 'http://site'))
    response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { origin: `http://localhost:${server.address().port}`, stop: () => server.close() }
}

let rooiam, browser, home, app, clientId, nativeId
const owner = 'owner@acme.example'
const asked = []
before(async () => {
  ;[rooiam, browser, home] = await Promise.all([startRooiam(), startBrowser(), startSite(() => ({ body: '<h1>At home</h1>' }))])
  app = await startSite(({ pathname, search, searchParams }) => {
    if (pathname === '/callback') asked.push(searchParams.get('code'))
    switch (pathname) {
      case '/callback': return { status: 302, headers: { location: `${home.origin}/${search}` } }
      case '/popup': return { body: `<script>opener.postMessage(location.search, location.origin); close()</script>` }
      default: return { body: '<script>addEventListener("message", ({ data }) => (document.title = data))</script>' }
    }
  })
  const visitor = await openPage(browser, false)
  await signIn(visitor, rooiam.origin, owner)
  const { page } = visitor
  await page.goto(`${rooiam.origin}/workspaces/new`)
  await page.getByLabel('Name').fill('Acme Instruments')
  await page.getByLabel('Address').fill('acme')
  await page.getByRole('button', { name: 'Create workspace' }).click()
  await page.goto(`${rooiam.origin}/w/acme/admin/settings`)
  await page.getByLabel('they join as members').check()
  await page.getByRole('button', { name: 'Save changes' }).first().click()
  const register = async (name, uris, native) => {
    await page.goto(`${rooiam.origin}/w/acme/admin/apps/new`)
    await page.getByLabel('Name').fill(name)
    if (native) await page.getByLabel('Browser or native app').check()
    await page.getByLabel('Redirect URIs').fill(uris)
    await page.getByRole('button', { name: 'Create app' }).click()
    await page.getByRole('heading', { name, exact: true }).waitFor()
    return page.url().split('/').at(-1)
  }
  clientId = await register('Orders', `${app.origin}/callback\n${app.origin}/popup`, false)
  // Whoever is on the device can be there, so its consent is asked for each time.
  nativeId = await register('Orders on the phone', 'com.example.orders:/callback', true)
})
after(async () => {
  await browser?.close()
  app?.stop()
  home?.stop()
  await rooiam?.stop()
})

const request = (redirectUri, more = {}) =>
  `${rooiam.origin}/w/acme/oauth/authorize?${new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid',
    state: 'a "state" & <more>;',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...more,
  })}`

/** Asks for a mail on the page at hand and gives it, not one from before. */
async function nextMail(visitor, email) {
  const before = await fetch(`${rooiam.origin}/dev/mailbox`).then((page) => page.text())
  const old = before.includes(email) ? (await newestMail(rooiam.origin, email)).link : ''
  await askForMail(visitor, email)
  for (;;) {
    const mail = await newestMail(rooiam.origin, email)
    if (mail.link !== old) return mail
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** That the browser came through the app to the third origin, and the app was asked once. */
async function arrives({ page, complaints }) {
  await page.waitForURL(`${home.origin}/**`, { timeout: 10_000 })
  const { searchParams } = new URL(page.url())
  assert.equal(searchParams.get('state'), 'a "state" & <more>;')
  assert.ok(searchParams.get('code'))
  assert.equal(asked.filter((code) => code === searchParams.get('code')).length, 1)
  assert.deepEqual(complaints, [])
}

for (const scripts of [true, false]) {
  const mode = scripts ? 'with scripts' : 'without scripts'
  const email = scripts ? 'ada@example.com' : 'grace@example.com'

  test(`an app gets its answer after each form, wherever it leads then (${mode})`, async () => {
    const first = await openPage(browser, scripts)
    await first.page.goto(request(`${app.origin}/callback`))
    await typeCode(first, (await nextMail(first, email)).code)
    await first.page.getByRole('button', { name: 'Allow', exact: true }).click()
    await arrives(first)
    await first.page.goto(request(`${app.origin}/callback`))
    await arrives(first)

    const byCode = await openPage(browser, scripts)
    await byCode.page.goto(request(`${app.origin}/callback`))
    await typeCode(byCode, (await nextMail(byCode, email)).code)
    await arrives(byCode)

    const byLink = await openPage(browser, scripts)
    await byLink.page.goto(request(`${app.origin}/callback`))
    const { link } = await nextMail(byLink, email)
    await byLink.page.goto(link)
    await byLink.page.getByRole('button', { name: 'Confirm and sign in' }).click()
    await arrives(byLink)

    const denied = await openPage(browser, scripts)
    await denied.context.addCookies(await byLink.context.cookies())
    await denied.page.goto(request(`${app.origin}/callback`, { prompt: 'consent' }))
    await denied.page.getByRole('button', { name: 'Deny' }).click()
    await denied.page.waitForURL(`${home.origin}/**`)
    assert.equal(new URL(denied.page.url()).searchParams.get('error'), 'access_denied')
  })

  test(`whoever joins on the way to an app gets there (${mode})`, async () => {
    const visitor = await openPage(browser, scripts)
    const { page, settle } = visitor
    await signIn(visitor, rooiam.origin, `joins-${email}`)
    const begun = await visitor.context.request.get(request(`${app.origin}/callback`), { maxRedirects: 0 })
    const id = new URL(begun.headers().location, rooiam.origin).searchParams.get('request')
    await page.goto(`${rooiam.origin}/w/acme/ask?request=${id}`)
    await settle()
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await arrives(visitor)
  })

  test(`the page between us and the app is fit to be seen (${mode})`, async () => {
    const visitor = await openPage(browser, scripts)
    const { page } = visitor
    await signIn(visitor, rooiam.origin, `waits-${email}`)
    // An app at which the browser does not arrive.
    await page.route(`${app.origin}/**`, (route) => route.fulfill({ status: 204 }))
    await page.goto(request(`${app.origin}/callback`))
    await page.getByRole('button', { name: 'Allow', exact: true }).click({ noWaitAfter: true })
    await page.getByRole('heading', { name: 'Redirecting you to localhost' }).waitFor()
    // Later than an impatient click, which would ask the app twice.
    const link = page.getByRole('link', { name: 'Continue' })
    await link.waitFor({ state: 'hidden', timeout: 1_000 })
    await link.waitFor()
    await look(page, 'to-app', scripts)
    assert.match(await link.getAttribute('href'), /^http:\/\/localhost:\d+\/callback\?code=/)

    await page.goto(request('com.example.orders:/callback', { client_id: nativeId }))
    await page.getByRole('button', { name: 'Allow', exact: true }).click({ noWaitAfter: true })
    await page.getByRole('link', { name: 'Open app' }).waitFor()
    await look(page, 'to-device', scripts)
  })
}

test('an app’s own window hands the answer to the app, at the first sign-in and later', async () => {
  const visitor = await openPage(browser)
  const { page, context } = visitor
  await page.goto(`${app.origin}/`)
  const popup = async () => {
    const opened = context.waitForEvent('page')
    await page.evaluate((url) => void open(url, 'sign-in', 'popup'), request(`${app.origin}/popup`))
    return opened
  }
  const answered = async () => {
    await page.waitForFunction(() => document.title.includes('code='), null, { timeout: 10_000 })
    await page.evaluate(() => (document.title = ''))
  }
  const window = { page: await popup(), scripts: true, settle: () => window.page.waitForLoadState('networkidle') }
  await typeCode(window, (await nextMail(window, 'popup@example.com')).code)
  await window.page.getByRole('button', { name: 'Allow', exact: true }).click()
  await answered()
  await popup()
  await answered()

  const opened = context.waitForEvent('page')
  await page.evaluate((url) => void (globalThis.other = open(url)), `${rooiam.origin}/account/sessions`)
  await (await opened).getByText('This browser').waitFor()
  assert.ok(await page.evaluate(() => globalThis.other.closed), 'a page of ours that leads to no app has no opener')
  assert.deepEqual(visitor.complaints, [])
})

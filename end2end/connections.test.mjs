// An owner connects a provider and tries it out; people sign in with it, link it, are led to it by their address, and are told what
// is wrong.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startNameServer } from './dns.mjs'
import { look, makeFolder, newestMail, openPage, signIn, startBrowser, startRooiam, typeCode } from './house.mjs'
import { client, startUpstream } from './upstream.mjs'

const [slug, owner, member] = ['harbour-clinic', 'olivia@harbour.example', 'max@harbour.example']
let rooiam, browser, names, upstream
before(async () => {
  names = await startNameServer()
  ;[rooiam, browser] = await Promise.all([startRooiam(makeFolder(), { ROOIAM_DNS_SERVER: names.address }), startBrowser()])
  upstream = await startUpstream(at('login/callback'), ['olivia', 'max', 'mia'])
})
after(async () => {
  await browser?.close()
  await rooiam?.stop()
  upstream?.stop()
  names?.stop()
})

const at = (path) => `${rooiam.origin}/w/${slug}/${path}`
const heading = (page, name) => page.getByRole('heading', { name, exact: true }).waitFor()
const press = (page, name) => page.getByRole('button', { name, exact: true }).first().click()

/** Goes to the provider by the button `words` and chooses who to be there. */
async function comeBackAs({ page, settle }, words, who) {
  await settle()
  await press(page, words)
  await heading(page, 'Quay ID')
  await press(page, who)
}

/** Connects a provider, of the workspace or of the platform, in a form that shows what to register there. */
async function connect({ page, settle }, name, issuer, [list, callback] = [at('admin/connections'), at('login/callback')]) {
  await page.goto(`${list}/new?preset=oidc`)
  await settle()
  await page.getByText(callback).first().waitFor()
  await page.getByLabel('Issuer URL').fill(issuer)
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Client ID').fill(client.client_id)
  await page.getByLabel('Client secret').fill(client.client_secret)
  await press(page, 'Add connection')
  await heading(page, name)
}

/** Deletes it again, so that the next run finds one button. */
async function disconnect({ page, settle }, name, list = at('admin/connections')) {
  await page.goto(list)
  await page.getByRole('link', { name, exact: true }).click()
  await heading(page, name)
  await settle()
  await page.locator('summary', { hasText: 'Delete connection' }).click()
  await page.getByLabel('Name of the connection').fill(name)
  await press(page, 'Delete connection')
  await heading(page, 'Connections')
}

async function proveDomain({ page, settle }) {
  await page.goto(at('admin/domains'))
  await settle()
  const value = (label) => page.locator('main tr', { hasText: label }).locator('code').first().textContent()
  names.publish(await value('Name'), await value('Value'))
  for (let tries = 0; tries < 50 && !(await page.getByText('The domain is verified').count()); tries++) {
    await press(page, 'Check now: harbour.example')
    await page.getByText('The domain is verified').or(page.getByText('DNS record not found')).waitFor()
    await settle()
  }
}

for (const scripts of [true, false]) {
  test(`a provider is connected, tried out and used ${scripts ? 'with' : 'without'} scripts`, async () => {
    const name = scripts ? 'Quay' : 'Plain quay'
    const visitor = await openPage(browser, scripts)
    const { page, settle } = visitor
    await signIn(visitor, rooiam.origin, owner)
    await connect(visitor, name, upstream.issuer)
    await look(page, 'connection', scripts)

    // Tried out: what it says of whom, and nobody is signed in.
    await comeBackAs(visitor, 'Test connection', 'max')
    await heading(page, 'Test connection')
    await page.getByText('It works. This person would first confirm').waitFor()
    for (const fact of ['token_endpoint', 'userinfo', 'max@harbour.example']) await page.getByText(fact).first().waitFor()
    await look(page, 'connection-test', scripts)
    // The provider knows them now, so that it asks no more.
    await page.context().clearCookies({ name: /^_(session|interaction)/ })
    await comeBackAs(visitor, 'Test again', 'Deny')
    await page.getByText('the provider or the person declined').waitFor()
    await page.getByText('Not assigned').waitFor()
    await look(page, 'connection-test-denied', scripts)

    // A member signs in: once by a mail as well, then without.
    const guest = await openPage(browser, scripts)
    await guest.page.goto(at('login'))
    await look(guest.page, 'login-provider', scripts)
    await comeBackAs(guest, `Continue with ${name}`, 'max')
    await heading(guest.page, 'Check your email')
    await guest.page.getByText(`To link ${name} to your account`).waitFor()
    await typeCode(guest, (await newestMail(rooiam.origin, member)).code)
    await guest.page.waitForURL(at('admin'))
    const again = await openPage(browser, scripts)
    await again.page.goto(at('login'))
    await comeBackAs(again, `Continue with ${name}`, 'max')
    await again.page.waitForURL(at('admin'))

    // The owner links their own account, and is led there by the domain of an address.
    await page.goto(`${rooiam.origin}/account/security`)
    await page.context().clearCookies({ name: /^_(session|interaction)/ })
    await comeBackAs(visitor, `Link ${name}`, 'olivia')
    await page.getByRole('button', { name: `Unlink ${name}` }).waitFor()
    if (scripts) await proveDomain(visitor)
    await page.goto(at('admin/connections'))
    await page.getByRole('link', { name, exact: true }).click()
    await heading(page, name)
    await settle()
    await page.getByLabel('Domains').fill('harbour.example')
    await page.getByLabel('Also on the platform’s sign-in page').check()
    await press(page, 'Save changes')
    await page.getByText('Changes saved').waitFor()
    const led = await openPage(browser, scripts)
    await led.page.goto(`${rooiam.origin}/login`)
    await led.settle()
    await led.page.getByLabel('Email address').fill('mia@harbour.example')
    await press(led.page, 'Continue with email')
    await led.page.getByText('mia@harbour.example signs in to Harbour Clinic with this provider').waitFor()
    await look(led.page, 'login-led', scripts)
    await led.settle()
    await press(led.page, 'Continue with Harbour Clinic')
    await heading(led.page, 'Quay ID')
    await led.page.getByText('Hint: mia@harbour.example').waitFor()

    // It breaks half-way, and the page says so and leads back.
    upstream.broken(true)
    await press(led.page, 'mia')
    await heading(led.page, 'Sign-in failed')
    await look(led.page, 'connection-failed', scripts)
    upstream.broken(false)
    await led.page.getByRole('link', { name: 'Back to sign-in' }).click()
    await led.page.getByRole('button', { name: `Continue with ${name}` }).waitFor()

    await disconnect(visitor, name)
    const seen = [visitor, guest, again, led].flatMap(({ complaints }) => complaints)
    assert.deepEqual(seen, [])
    for (const { context } of [visitor, guest, again, led]) await context.close()
  })
}

for (const scripts of [true, false]) {
  test(`an operator connects a provider for all workspaces ${scripts ? 'with' : 'without'} scripts`, async () => {
    const [name, newcomer] = scripts ? ['Pier', 'nora'] : ['Plain pier', 'noel']
    const [list, callback] = [`${rooiam.origin}/platform/connections`, `${rooiam.origin}/login/callback`]
    const everywhere = await startUpstream(callback, [newcomer, 'max'])
    const visitor = await openPage(browser, scripts)
    const { page, settle } = visitor
    await signIn(visitor, rooiam.origin, owner)
    await page.goto(list)
    await heading(page, 'Connections')
    await page.getByText('A connection of the platform counts in every workspace').waitFor()
    await look(page, 'platform-connections', scripts)
    await page.goto(`${list}/new?preset=oidc`)
    await look(page, 'platform-connection-new', scripts)
    await connect(visitor, name, everywhere.issuer, [list, callback])
    await settle()
    await page.getByLabel('Anyone, with a new account if they have none').check()
    await page.getByLabel('Domains').fill('harbour.example')
    await press(page, 'Save changes')
    await page.getByText('Changes saved').waitFor()
    await look(page, 'platform-connection', scripts)
    await comeBackAs(visitor, 'Test connection', newcomer)
    await page.getByText('It works. This person would get a new account').waitFor()
    await page.getByText('at a domain listed with this connection').waitFor()
    await look(page, 'platform-connection-test', scripts)

    // Somebody new gets an account that counts everywhere; whoever has one proves the address once, at a workspace's login page.
    const guest = await openPage(browser, scripts)
    await guest.page.goto(`${rooiam.origin}/login`)
    await look(guest.page, 'platform-login-provider', scripts)
    await comeBackAs(guest, `Continue with ${name}`, newcomer)
    await guest.page.waitForURL(`${rooiam.origin}/workspaces`)
    await guest.page.goto(`${rooiam.origin}/account/security`)
    await guest.page.locator('#linked').getByText('All workspaces').waitFor()
    const second = await openPage(browser, scripts)
    await second.page.goto(at('login'))
    await comeBackAs(second, `Continue with ${name}`, 'max')
    await second.page.getByText(`To link ${name} to your account`).waitFor()
    await typeCode(second, (await newestMail(rooiam.origin, member)).code)
    await second.page.waitForURL(at('admin'))

    await disconnect(visitor, name, list)
    await guest.page.goto(`${rooiam.origin}/workspaces`)
    await heading(guest.page, 'Sign in')
    everywhere.stop()
    const seen = [visitor, guest, second].flatMap(({ complaints }) => complaints)
    assert.deepEqual(seen, [])
    for (const { context } of [visitor, guest, second]) await context.close()
  })
}

test('a provider that does not answer is said to be down, with what to do', async () => {
  const visitor = await openPage(browser)
  const { page, settle } = visitor
  const gone = await startUpstream(at('login/callback'), [])
  gone.stop()
  await signIn(visitor, rooiam.origin, owner)
  await connect(visitor, 'Gone quay', gone.issuer)
  await settle()
  await press(page, 'Test connection')
  await page.getByText('the provider can’t be reached').waitFor()
  await page.getByText('Check that the address is right').waitFor()
  await look(page, 'connection-test-down')
  const guest = await openPage(browser)
  await guest.page.goto(at('login'))
  await guest.settle()
  await press(guest.page, 'Continue with Gone quay')
  await guest.page.getByText('We couldn’t verify the sign-in').waitFor()
  assert.equal(guest.page.url(), at('login'))
  await disconnect(visitor, 'Gone quay')
  assert.deepEqual([...visitor.complaints, ...guest.complaints], [])
})

// From an empty server to a customer's app that holds verified tokens.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { askForMail, look, newestMail, openPage, runClient, signIn, startBrowser, startCallback, startRooiam, typeCode } from './house.mjs'

let rooiam, browser, callback
before(async () => {
  ;[rooiam, browser, callback] = await Promise.all([startRooiam(), startBrowser(), startCallback()])
})
after(async () => {
  await browser?.close()
  callback?.stop()
  await rooiam?.stop()
})

const open = () => openPage(browser)

const email = 'ada@example.com'
const slug = 'acme'

test('a newcomer signs in, registers an app, and the app of a customer logs the person in', async () => {
  const owner = await open()
  const { page, settle } = owner
  await page.goto(`${rooiam.origin}/`)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await look(page, 'login')
  await askForMail(owner, email)
  await look(page, 'sent')

  const mail = await newestMail(rooiam.origin, email)
  await page.goto(mail.link)
  await look(page, 'verify')
  await page.getByRole('button', { name: 'Confirm and sign in' }).click()
  await page.getByRole('heading', { name: 'Your workspaces' }).waitFor()
  await look(page, 'workspaces-empty')

  await page.getByRole('link', { name: 'Create workspace' }).click()
  await settle()
  await page.getByLabel('Name').fill('Acme Instruments')
  await page.getByLabel('Address').fill('login')
  await look(page, 'new-workspace')
  await page.getByRole('button', { name: 'Create workspace' }).click()
  await page.getByText('This address is reserved').waitFor()
  await settle()
  await page.getByLabel('Name').fill('Acme Instruments')
  await page.getByLabel('Address').fill(slug)
  await page.getByRole('button', { name: 'Create workspace' }).click()
  await page.getByText('Create your first app').waitFor()
  await look(page, 'overview-new')
  await settle()
  await page.getByRole('link', { name: 'Apps', exact: true }).click()
  await page.getByText('No apps yet').waitFor()
  await look(page, 'apps-empty')

  await page.getByRole('link', { name: 'Create app' }).click()
  await settle()
  await page.getByLabel('Name').fill('Orders')
  await page.getByLabel('Redirect URIs').fill(callback.uri)
  await look(page, 'new-app')
  await page.getByRole('button', { name: 'Create app' }).click()
  await page.getByText('You won’t be able to see it again').waitFor()
  await look(page, 'app')
  const value = (label) => page.locator('.copyable', { hasText: label }).locator('code').first().textContent()
  const [issuer, id, secret] = [await value('Issuer'), await value('Client ID'), await value('Client secret')]
  assert.equal(issuer, `${rooiam.origin}/w/${slug}`)
  await page.reload()
  await page.getByText('Ends in').waitFor()
  assert.equal(await page.getByText(secret).count(), 0)

  await page.goto(`${rooiam.origin}/account/sessions`)
  await page.getByText('This browser').waitFor()
  await look(page, 'account')

  await page.goto(`${rooiam.origin}/w/${slug}/admin/settings`)
  await page.getByLabel('Members only').waitFor()
  assert.match(await page.locator('.side [aria-current="page"]').textContent(), /General/)
  await look(page, 'settings')
  await page.goto(`${rooiam.origin}/w/${slug}/admin/apps`)
  await page.getByRole('link', { name: 'Orders' }).waitFor()
  await look(page, 'apps')
  await page.goto(`${rooiam.origin}/workspaces`)
  await page.getByText('Owner').waitFor()
  await look(page, 'workspaces')
  await page.goto(`${rooiam.origin}/dev/mailbox`)
  await page.getByRole('heading', { name: /code is/ }).first().waitFor()
  await look(page, 'mailbox')

  const app = runClient(['node', 'end2end/clients/openid-client.mjs', issuer, id, callback.uri, secret])
  const visitor = await open()
  await visitor.page.goto(await app.request)
  await visitor.page.getByRole('heading', { name: 'Sign in to Acme Instruments' }).waitFor()
  await look(visitor.page, 'workspace-login')
  await askForMail(visitor, email)
  const { code } = await (async () => {
    for (;;) {
      const newest = await newestMail(rooiam.origin, email)
      if (newest.code !== mail.code) return newest
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })()
  await typeCode(visitor, code === '000000' ? '111111' : '000000')
  await visitor.page.getByText('Incorrect code').waitFor()
  await typeCode(visitor, code)
  await visitor.page.getByRole('heading', { name: 'Orders wants to access your account' }).waitFor()
  await look(visitor.page, 'consent')
  const answer = callback.next()
  await visitor.page.getByRole('button', { name: 'Allow', exact: true }).click()

  assert.equal((await app.finish(await answer)).email, email)

  const again = callback.next()
  await visitor.page.goto(await app.request)
  assert.ok((await again).searchParams.get('code'), 'consent is remembered')

  await page.goto(`${rooiam.origin}/workspaces`)
  await settle()
  await page.locator('.person summary').click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.goto(`${rooiam.origin}/account`)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.deepEqual([...owner.complaints, ...visitor.complaints], [])
})

test('what looks like markup is only a text', async () => {
  const [owner, guest] = [await open(), await open()]
  const { page, settle } = owner
  const markup = '</title></textarea><meta http-equiv=refresh content=0;url=/nowhere> &amp; "x"'
  await signIn(owner, rooiam.origin, 'nadia@example.com')
  await page.goto(`${rooiam.origin}/account`)
  await settle()
  await page.getByLabel('Your name').fill('Nadia\u202e')
  await page.getByRole('button', { name: 'Save changes' }).first().click()
  await page.getByText('invisible characters').waitFor()
  await settle()
  await page.getByLabel('Your name').fill(markup)
  await page.getByRole('button', { name: 'Save changes' }).first().click()
  await page.getByText('Changes saved').waitFor()
  await page.reload()
  assert.equal(await page.getByLabel('Your name').inputValue(), markup)
  await look(page, 'account-named')

  const place = `${rooiam.origin}/w/${slug}-markup`
  await page.goto(`${rooiam.origin}/workspaces/new`)
  await settle()
  await page.getByLabel('Name').fill(markup)
  await page.getByLabel('Address').fill(`${slug}-markup`)
  await page.getByRole('button', { name: 'Create workspace' }).click()
  await page.getByText('Create your first app').waitFor()
  await page.goto(`${place}/admin/branding`)
  await settle()
  await page.getByLabel('Text on the sign-in page').fill(markup)
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Changes saved').waitFor()
  await page.reload()
  await settle()
  assert.equal(await page.getByLabel('Text on the sign-in page').inputValue(), markup)

  await guest.page.goto(`${place}/login`)
  await guest.page.getByRole('heading', { name: `Sign in to ${markup}` }).waitFor()
  await guest.settle()
  assert.equal(await guest.page.title(), `Sign in · ${markup}`)
  assert.equal(await guest.page.locator('meta[http-equiv]').count(), 0)
  assert.equal(guest.page.url(), `${place}/login`)
  assert.deepEqual([...owner.complaints, ...guest.complaints], [])
})

test('a page that is not there says so, in the visitor’s language', async () => {
  const { page } = await open()
  const answer = await page.goto(`${rooiam.origin}/nowhere`)
  assert.equal(answer.status(), 404)
  await look(page, 'not-found')
  await page.goto(`${rooiam.origin}/login`)
  await page.getByRole('button', { name: 'Deutsch' }).click()
  await page.getByRole('heading', { name: 'Anmelden' }).waitFor()
  await look(page, 'login-german')
  await page.getByRole('button', { name: 'العربية' }).click()
  await page.getByRole('heading', { name: 'تسجيل الدخول' }).waitFor()
  assert.equal(await page.locator('html').getAttribute('dir'), 'rtl')
  await look(page, 'login-arabic')
})

test('an address that is not registered gets a page, never a redirect', async () => {
  const { page } = await open()
  const answer = await page.goto(`${rooiam.origin}/w/acme/oauth/authorize?client_id=nobody&redirect_uri=https://evil.example/`)
  assert.equal(answer.status(), 400)
  assert.ok(page.url().startsWith(rooiam.origin))
  await look(page, 'unknown-app')
})

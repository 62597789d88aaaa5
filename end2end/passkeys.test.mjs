// Passkeys in a browser that has an authenticator: offered, added, used, renamed, copied, removed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { askForMail, giveAuthenticator, look, newestMail, openPage, signIn, startBrowser, startNamedRooiam, typeCode } from './house.mjs'

let rooiam, browser
before(async () => {
  ;[rooiam, browser] = await Promise.all([startNamedRooiam(), startBrowser()])
})
after(async () => {
  await browser?.close()
  await rooiam?.stop()
})

const heading = (page, name) => page.getByRole('heading', { name }).waitFor()

/** Signs in by mail, is offered a passkey and takes it. */
async function takeOffer(visitor, email) {
  const { page } = visitor
  await page.goto(`${rooiam.origin}/login`)
  await askForMail(visitor, email)
  await typeCode(visitor, (await newestMail(rooiam.origin, email)).code)
  await heading(page, 'Sign in faster next time')
  await look(page, 'passkey-offer')
  await page.getByRole('button', { name: 'Add passkey' }).click()
  await page.getByText('Passkey added').waitFor()
  assert.equal(page.url(), `${rooiam.origin}/workspaces`)
}

async function signOut({ context, page }) {
  await context.clearCookies()
  await page.goto('about:blank')
}

test('whoever signs in by mail is offered a passkey, and signs in with it from then on', async () => {
  const visitor = await openPage(browser)
  const { page, context } = visitor
  const { tell } = await giveAuthenticator(visitor)
  await takeOffer(visitor, 'ada@example.com')
  const { credentials } = await tell('getCredentials')
  assert.equal(credentials.length, 1)
  assert.equal(credentials[0].rpId, 'localhost')

  await tell('setAutomaticPresenceSimulation', { enabled: false })
  await signOut(visitor)
  await page.goto(`${rooiam.origin}/login`)
  await visitor.settle()
  await look(page, 'passkey-login')
  await tell('setAutomaticPresenceSimulation', { enabled: true })
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await heading(page, 'Your workspaces')
  await page.goto(`${rooiam.origin}/account/sessions`)
  assert.match(await page.locator('main').innerText(), /Passkey/)
  assert.deepEqual(visitor.complaints, [])
  await context.close()
})

test('the field for the address offers passkeys by itself, on the way to a page that was wanted', async () => {
  const visitor = await openPage(browser)
  const { page, context } = visitor
  await giveAuthenticator(visitor)
  await takeOffer(visitor, 'grace@example.com')
  await signOut(visitor)
  // This authenticator is touched as soon as it is asked, so that nobody has to choose from what the field offers.
  await page.goto(`${rooiam.origin}/account/security`)
  await heading(page, 'Sign-in methods')
  assert.deepEqual(visitor.complaints, [])
  await context.close()
})

test('passkeys are renamed and removed, a copy is refused, and who turns the authenticator away is told what else there is', async () => {
  const visitor = await openPage(browser)
  const { page, context } = visitor
  const { tell } = await giveAuthenticator(visitor)
  await tell('setAutomaticPresenceSimulation', { enabled: false })
  await signIn(visitor, rooiam.origin, 'kay@example.com', 'Sign in faster next time')
  await page.getByRole('button', { name: 'Not now' }).click()
  await heading(page, 'Your workspaces')
  await page.goto(`${rooiam.origin}/account/security`)
  await page.getByText('No passkeys yet').waitFor()
  await look(page, 'passkeys-none')
  await tell('setAutomaticPresenceSimulation', { enabled: true })
  await page.getByRole('button', { name: 'Add passkey' }).click()
  await page.getByText('Passkey added').waitFor()
  await page.getByText('Chrome, Linux').waitFor()
  // The same authenticator has one already.
  await page.getByRole('button', { name: 'Add passkey' }).click()
  await page.getByText('This device already has a passkey for your account').waitFor()
  await page.getByText('Edit', { exact: true }).click()
  await page.getByLabel('Name').fill('Work laptop')
  await look(page, 'passkeys-edit')
  await page.getByRole('button', { name: 'Rename' }).click()
  await page.getByText('Work laptop').waitFor()

  const { credentials } = await tell('getCredentials')
  await signOut(visitor)
  await tell('setUserVerified', { isUserVerified: false })
  await page.goto(`${rooiam.origin}/login`)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByText('No passkey was used').waitFor()
  await look(page, 'passkey-cancelled')
  await tell('setUserVerified', { isUserVerified: true })
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await heading(page, 'Your workspaces')

  // A copy counts from where it was made.
  await signOut(visitor)
  await tell('clearCredentials')
  await tell('setAutomaticPresenceSimulation', { enabled: false })
  await tell('addCredential', { credential: { ...credentials[0], signCount: 0 } })
  await page.goto(`${rooiam.origin}/login`)
  await tell('setAutomaticPresenceSimulation', { enabled: true })
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByText('That passkey didn’t work').waitFor()
  await look(page, 'passkey-refused')

  await tell('setAutomaticPresenceSimulation', { enabled: false })
  await signIn(visitor, rooiam.origin, 'kay@example.com')
  await page.goto(`${rooiam.origin}/account/security`)
  await page.getByText('Blocked: may have been copied').waitFor()
  await look(page, 'passkeys-blocked')
  await page.getByText('Edit', { exact: true }).click()
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByText('Passkey removed').waitFor()
  await page.getByText('No passkeys yet').waitFor()
  assert.deepEqual(visitor.complaints, [])
  await context.close()
})

test('without scripts there is mail, and a sentence on what passkeys take', async () => {
  const visitor = await openPage(browser, false)
  const { page, context } = visitor
  await page.goto(`${rooiam.origin}/login`)
  assert.equal(await page.getByRole('button', { name: 'Sign in with a passkey' }).isVisible(), false)
  await signIn(visitor, rooiam.origin, 'nora@example.com')
  await page.goto(`${rooiam.origin}/account/security`)
  await page.getByText('Turn on JavaScript to add a passkey.').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Add passkey' }).isVisible(), false)
  await look(page, 'passkeys', false)
  await context.close()
})

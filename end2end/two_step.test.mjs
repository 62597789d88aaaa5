// Two-step verification in a browser: set up, asked for, lost and recovered, asked for by a workspace; with scripts and without.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { askForMail, authenticatorCode, barriers, giveAuthenticator, look, newestMail, openPage, signIn, startBrowser, startNamedRooiam, wake } from './house.mjs'

let rooiam, browser
before(async () => {
  ;[rooiam, browser] = await Promise.all([startNamedRooiam(), startBrowser()])
})
after(async () => {
  await browser?.close()
  await rooiam?.stop()
})

const heading = (page, name) => page.getByRole('heading', { name }).waitFor()

/** Types a code: with scripts its last digit sends it. */
async function enter({ page, scripts, settle }, code, button) {
  await settle()
  if (scripts) await wake(page)
  await page.getByLabel('6-digit code').fill(code)
  if (!scripts) await page.getByRole('button', { name: button }).first().click()
}

/** Turns it on, on the page that asks for the key. */
async function turnOn(visitor, name) {
  const { page, scripts } = visitor
  await page.getByRole('button', { name: 'Continue' }).click()
  await heading(page, '1. Scan the QR code')
  if (name) await look(page, `${name}-set-up`, scripts)
  const key = await page.locator('.copyable code').innerText()
  await enter(visitor, authenticatorCode(key), 'Turn on')
  await heading(page, 'Recovery codes')
  if (name) await look(page, `${name}-recovery-codes`, scripts)
  const codes = (await page.locator('#recovery-codes').innerText()).trim().split(/\s+/)
  assert.equal(codes.length, 10)
  await page.getByRole('link', { name: 'I’ve saved them' }).click()
  return { key, codes }
}

/** Proves the first factor, by mail. */
async function proveFirst(visitor, email) {
  const { page } = visitor
  await page.goto(`${rooiam.origin}/login`)
  await askForMail(visitor, email)
  await page.goto((await newestMail(rooiam.origin, email)).link)
  await page.getByRole('button', { name: 'Confirm and sign in' }).click()
  await heading(page, 'Two-step verification')
}

for (const scripts of [true, false]) {
  test(`it is set up, asked for, and recovered ${scripts ? 'with' : 'without'} scripts`, async () => {
    const email = scripts ? 'ada@example.com' : 'grace@example.com'
    const visitor = await openPage(browser, scripts)
    const { page, context } = visitor
    await signIn(visitor, rooiam.origin, email)
    await page.goto(`${rooiam.origin}/account/security`)
    await page.getByRole('link', { name: 'Set up authenticator app' }).click()
    const { key, codes } = await turnOn(visitor, 'two-step')
    await heading(page, 'Sign-in methods')
    assert.match(await page.locator('main').innerText(), /10 recovery codes left/)
    await look(page, 'two-step-on', scripts)

    await context.clearCookies()
    await proveFirst(visitor, email)
    await look(page, 'two-step-login', scripts)
    // The app's next code, since this one was used to set it up.
    const code = authenticatorCode(key, 1)
    await enter(visitor, code, 'Verify')
    await heading(page, 'Your workspaces')

    await context.clearCookies()
    await proveFirst(visitor, email)
    await page.getByText('Use a recovery code').click()
    await page.getByLabel('Recovery code').fill('00000-00000')
    await page.getByRole('button', { name: 'Verify' }).last().click()
    await page.getByText('That code isn’t right').first().waitFor()
    if (scripts) assert.deepEqual(await barriers(page), [])
    // It is open where it went wrong.
    await page.getByLabel('Recovery code').fill(codes[0].toLowerCase())
    await page.getByRole('button', { name: 'Verify' }).last().click()
    await heading(page, 'Your workspaces')
    assert.deepEqual(visitor.complaints, [])
    await context.close()
  })
}

test('a workspace that asks for two steps sends members to set it up, and a passkey is enough', async () => {
  const visitor = await openPage(browser)
  const { page, context } = visitor
  await signIn(visitor, rooiam.origin, 'olivia@harbour.example')
  await page.goto(`${rooiam.origin}/account/security/authenticator`)
  await turnOn(visitor)
  const settings = `${rooiam.origin}/w/harbour-clinic/admin/settings`
  await page.goto(settings)
  await page.getByLabel('Require two-step verification').check()
  await page.getByLabel('Accept trusted browsers instead (days)').fill('14')
  await page.locator('form', { hasText: 'Require two-step verification' }).getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Changes saved').waitFor()
  assert.equal(await page.getByLabel('Accept trusted browsers instead (days)').inputValue(), '14')
  await look(page, 'sign-in-policy')

  const member = await openPage(browser)
  await giveAuthenticator(member)
  await signIn(member, rooiam.origin, 'max@harbour.example', 'Sign in faster next time')
  await member.page.goto(`${rooiam.origin}/w/harbour-clinic/admin`)
  await member.page.getByRole('link', { name: 'Continue' }).click()
  await heading(member.page, 'One more step')
  await look(member.page, 'two-step-missing')
  await member.page.getByRole('link', { name: 'Set up authenticator app' }).click()
  await turnOn(member)
  await heading(member.page, 'Harbour Clinic')

  // With a passkey nothing else is asked.
  await member.page.goto(`${rooiam.origin}/account/security`)
  await wake(member.page)
  await member.page.getByRole('button', { name: 'Add passkey' }).click()
  await member.page.getByText('Passkey added').waitFor()
  await member.context.clearCookies()
  // This authenticator is touched as soon as the field for the address asks for it.
  await member.page.goto(`${rooiam.origin}/w/harbour-clinic/login`)
  await heading(member.page, 'Harbour Clinic')
  assert.deepEqual(member.complaints.filter((line) => !line.includes('401')), [])
  await member.context.close()

  await page.goto(settings)
  await page.getByLabel('Require two-step verification').uncheck()
  await page.locator('form', { hasText: 'Require two-step verification' }).getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Changes saved').waitFor()
  assert.deepEqual(visitor.complaints, [])
  await context.close()
})

for (const scripts of [true, false]) {
  test(`a session that was carried to another browser signs in again where that is asked (scripts ${scripts})`, async () => {
    const visitor = await openPage(browser, scripts)
    const { page, context } = visitor
    await signIn(visitor, rooiam.origin, 'oscar@meadow.example')
    const settings = `${rooiam.origin}/w/meadow-books/admin/settings`
    const rule = 'Require new sign-in in another browser'
    const save = page.locator('form', { hasText: rule }).getByRole('button', { name: 'Save changes' })
    await page.goto(settings)
    await page.getByLabel(rule).check()
    await save.click()
    await page.getByText('Changes saved').waitFor()
    await page.goto(settings)
    assert.ok(await page.getByLabel(rule).isChecked())

    const carried = (await context.cookies()).filter((cookie) => cookie.name === 'dev_rooiam_session')
    const other = await openPage(browser, scripts)
    await other.context.addCookies(carried)
    await other.page.goto(`${rooiam.origin}/w/meadow-books/login`)
    await other.page.getByText('belong to this browser').waitFor()
    await look(other.page, 'login-another-browser', scripts)
    assert.deepEqual(other.complaints, [])
    await other.context.close()

    await page.getByLabel(rule).uncheck()
    await save.click()
    await page.getByText('Changes saved').waitFor()
    assert.deepEqual(visitor.complaints, [])
    await context.close()
  })
}

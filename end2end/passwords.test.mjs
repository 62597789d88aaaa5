// Passwords in a browser: turned on, chosen, typed wrong and right, forgotten; with scripts and without.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { look, newestMail, openPage, signIn, startBrowser, startNamedRooiam, wake } from './house.mjs'

let rooiam, browser
before(async () => {
  ;[rooiam, browser] = await Promise.all([startNamedRooiam(), startBrowser()])
  await turnOn()
})
after(async () => {
  await browser?.close()
  await rooiam?.stop()
})

const heading = (page, name) => page.getByRole('heading', { name }).waitFor()
const good = 'correct horse battery staple'

/** Lets people sign in with passwords: everywhere, and in one workspace. */
async function turnOn() {
  const visitor = await openPage(browser)
  const { page, context } = visitor
  await signIn(visitor, rooiam.origin, 'olivia@harbour.example')
  for (const settings of ['/platform/settings', '/w/harbour-clinic/admin/settings']) {
    await page.goto(rooiam.origin + settings)
    const form = page.locator('form', { hasText: 'Require two-step verification' })
    const box = form.getByLabel('Password', { exact: true })
    assert.equal(await box.isChecked(), false, settings)
    await box.check()
    await form.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('Changes saved').waitFor()
  }
  assert.deepEqual(visitor.complaints, [])
  await context.close()
}

/** Types into the field for the password. */
async function type({ page, scripts }, password) {
  const field = page.locator('#password')
  await field.fill(password)
  if (!scripts) return
  await wake(page)
  await page.getByRole('button', { name: 'Show' }).click()
  assert.equal(await field.getAttribute('type'), 'text')
  assert.equal(await field.inputValue(), password)
  await page.getByRole('button', { name: 'Hide' }).click()
  assert.equal(await field.getAttribute('type'), 'password')
}

for (const scripts of [true, false]) {
  test(`a password is chosen, typed wrong and right, and forgotten ${scripts ? 'with' : 'without'} scripts`, async () => {
    const email = scripts ? 'ada@example.com' : 'grace@example.com'
    const visitor = await openPage(browser, scripts)
    const { page, context } = visitor
    await signIn(visitor, rooiam.origin, email)
    await page.goto(`${rooiam.origin}/account/security`)
    await page.getByRole('link', { name: 'Add a password' }).click()
    await heading(page, 'Add a password')
    await type(visitor, 'password123')
    await page.getByRole('button', { name: 'Save password' }).click()
    await page.getByText('easy to guess').waitFor()
    assert.equal(await page.locator('#password').inputValue(), '')
    await look(page, 'password-weak', scripts)
    await type(visitor, good)
    await page.getByRole('button', { name: 'Save password' }).click()
    await page.getByText('Password saved').waitFor()
    await look(page, 'password-saved', scripts)

    await context.clearCookies()
    await page.goto(`${rooiam.origin}/login`)
    await page.getByRole('link', { name: 'Use a password' }).click()
    await look(page, 'password-login', scripts)
    await page.getByLabel('Email address').fill(email)
    await type(visitor, 'wrong horse battery staple')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('don’t match').waitFor()
    // The address stays, the password does not.
    assert.equal(await page.getByLabel('Email address').inputValue(), email)
    assert.equal(await page.locator('#password').inputValue(), '')
    await look(page, 'password-wrong', scripts)
    await type(visitor, good)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await heading(page, 'Your workspaces')
    await page.goto(`${rooiam.origin}/account/security`)
    await page.getByText('You signed in with a password').waitFor()
    await look(page, 'password-alone', scripts)

    await context.clearCookies()
    await page.goto(`${rooiam.origin}/login/password`)
    await page.getByRole('link', { name: 'Forgot password?' }).click()
    await heading(page, 'Sign in')
    await page.getByLabel('Email address').fill(email)
    const before = (await newestMail(rooiam.origin, email)).link
    await page.getByRole('button', { name: 'Continue with email' }).click()
    await heading(page, 'Check your email')
    let { link } = await newestMail(rooiam.origin, email)
    for (let tries = 0; link === before && tries < 100; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      ;({ link } = await newestMail(rooiam.origin, email))
    }
    await page.goto(link)
    await page.getByRole('button', { name: 'Confirm and sign in' }).click()
    await heading(page, 'Change password')
    assert.equal(await page.getByLabel('Sign out all other browsers').first().isChecked(), true)
    await look(page, 'password-change', scripts)
    await type(visitor, `${good} again`)
    await page.getByRole('button', { name: 'Save password' }).click()
    await page.getByText('Password saved').waitFor()
    assert.deepEqual(visitor.complaints, [])
    await context.close()
  })
}

test('a workspace asks for a password in its own look and leads on to where somebody wanted to go', async () => {
  const visitor = await openPage(browser)
  const { page, context } = visitor
  await signIn(visitor, rooiam.origin, 'max@harbour.example')
  await page.goto(`${rooiam.origin}/account/security/password`)
  await page.locator('#password').fill(good)
  await page.getByRole('button', { name: 'Save password' }).click()
  await page.getByText('Password saved').waitFor()
  await context.clearCookies()
  await page.goto(`${rooiam.origin}/w/harbour-clinic/login`)
  await page.getByRole('link', { name: 'Use a password' }).click()
  await heading(page, 'Sign in to Harbour Clinic')
  await look(page, 'password-workspace')
  await page.getByLabel('Email address').fill('max@harbour.example')
  await page.locator('#password').fill(good)
  // Enter is enough, as everywhere.
  await page.locator('#password').press('Enter')
  await heading(page, 'Harbour Clinic')
  assert.deepEqual(visitor.complaints, [])
  await context.close()
})

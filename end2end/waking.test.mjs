// Islands wake when a page is used: what was done first is not lost, and what is only read costs nothing.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openPage, signIn, startBrowser, startRooiam, wake } from './house.mjs'

let rooiam, browser
before(async () => {
  ;[rooiam, browser] = await Promise.all([startRooiam(), startBrowser()])
})
after(async () => {
  await browser?.close()
  await rooiam?.stop()
})

const admin = (path) => `${rooiam.origin}/w/harbour-clinic/admin/${path}`

// Nobody is sent too many mails.
let visitors = 0
const nextAdmin = () => `${['olivia', 'adam'][visitors++ % 2]}@harbour.example`

/** Signed in, at a page that nobody has touched yet; `loaded` tells which code it fetched. */
async function untouched(path, blocked = false) {
  const visitor = await openPage(browser)
  await signIn(visitor, rooiam.origin, nextAdmin())
  const loaded = []
  visitor.page.on('request', (request) => /\.wasm$/.test(request.url()) && loaded.push(request.url()))
  if (blocked) await visitor.context.route('**/*.wasm', (route) => route.abort())
  await visitor.page.goto(admin(path))
  await visitor.page.waitForLoadState('networkidle')
  assert.deepEqual(loaded, [], 'a page that is only read loads no WASM')
  return { ...visitor, loaded }
}

test('the palette opens for the keys that woke it', async () => {
  const { page, loaded, complaints } = await untouched('members')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Go to' }).waitFor()
  assert.equal(loaded.length, 1)
  await page.keyboard.press('Escape')
  await page.locator('#palette-open').click()
  await page.getByRole('combobox', { name: 'Go to' }).waitFor()
  assert.deepEqual(complaints, [])
})

test('what is typed after those keys is typed into the palette', async () => {
  const { page, complaints } = await untouched('members')
  // All before anything can be awake.
  await page.evaluate(() => {
    const press = (key, more = {}) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
    press('k', { ctrlKey: true })
    for (const key of ['r', 'o', 'l', 'Enter']) press(key)
  })
  await page.getByRole('heading', { name: 'Roles' }).waitFor()
  assert.deepEqual(complaints, [])
})

test('a click that woke a button is a click on it, once', async () => {
  const { page, context, complaints } = await untouched('apps')
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('link', { name: 'Patient portal' }).click()
  await page.waitForLoadState('networkidle')
  // Without a pointer that moves, as a finger taps.
  await page.getByRole('button', { name: 'Copy: Client ID' }).dispatchEvent('click')
  await page.getByText('Copied').waitFor()
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^app_/)
  assert.deepEqual(complaints, [])
})

test('boxes that are ticked before anything is awake are counted, and stay as they are', async () => {
  const { page, complaints } = await untouched('members')
  assert.ok(await page.getByLabel('Select all on this page').isDisabled(), 'nothing that would do nothing')
  const boxes = page.locator('tbody input[name=id]')
  for (const place of [0, 1, 0]) await boxes.nth(place).dispatchEvent('click')
  await page.getByRole('button', { name: 'Edit selected (1)' }).waitFor()
  assert.deepEqual(await boxes.evaluateAll((all) => all.map((one) => one.checked).slice(0, 3)), [false, true, false])
  await page.getByLabel('Select all on this page').check()
  await page.getByRole('button', { name: `Edit selected (${await boxes.count()})` }).waitFor()
  assert.deepEqual(complaints, [])
})

test('a colour that is typed before anything is awake is the one that counts', async () => {
  const { page } = await untouched('branding')
  const typed = page.getByLabel('Accent color', { exact: true })
  assert.ok(await page.locator('#accent-picker').isDisabled())
  await typed.evaluate((field) => {
    field.value = '#112233'
    field.dispatchEvent(new Event('input', { bubbles: true }))
    field.value = '#445566'
  })
  await wake(page)
  assert.equal(await typed.inputValue(), '#445566')
  await page.locator('link[href="/brand/445566.css"]').waitFor({ state: 'attached' })
})

test('a code that is sent by its last digit is not sent again by Enter', async () => {
  const { page } = await openPage(browser)
  await page.goto(`${rooiam.origin}/login`)
  await page.getByLabel('Email address').fill('enter@harbour.example')
  await page.getByRole('button', { name: 'Continue with email' }).click()
  await page.getByLabel('6-digit code').waitFor()
  await wake(page)
  let sent = 0
  await page.route('**/fn/redeem_code', async (route) => {
    sent += 1
    await new Promise((resolve) => setTimeout(resolve, 300))
    await route.continue()
  })
  await page.getByLabel('6-digit code').pressSequentially('000000')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  assert.equal(sent, 1)
})

test('what is typed before anything is awake is not left without a question', async () => {
  const { page } = await untouched('members')
  await page.getByRole('link', { name: 'Max' }).first().click()
  await page.waitForLoadState('networkidle')
  await page.locator('form:has(.unsaved) input[type=checkbox]').first().dispatchEvent('click')
  await page.locator('.unsaved span:not([hidden])').first().waitFor()
})

test('a page whose code does not come keeps working, without buttons that do nothing', async () => {
  const { page } = await untouched('members', true)
  await page.mouse.move(5, 5)
  await page.mouse.move(9, 9)
  await page.locator('html[data-islands=failed]').waitFor()
  assert.equal(await page.locator('.scripted:visible').count(), 0)
  await page.locator('tbody input[name=id]').first().check()
  await page.getByRole('button', { name: 'Edit selected' }).click()
  await page.getByRole('heading', { name: '1 member selected' }).waitFor()
})

test('a page without islands stays without code', async () => {
  const { page, loaded } = await openPage(browser).then(async (visitor) => ({ ...visitor, loaded: [] }))
  page.on('request', (request) => /\.(wasm|js)$/.test(request.url()) && loaded.push(request.url()))
  await page.goto(`${rooiam.origin}/login`)
  await wake(page)
  await page.getByLabel('Email address').fill('a')
  await page.waitForLoadState('networkidle')
  assert.deepEqual(loaded, [])
})

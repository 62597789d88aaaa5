// A person's account in a browser: a second address by code and by link, another primary one, one removed and put back, and
// the end of the account, with and without scripts.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { askForMail, look, newestAddressMail, newestMail, newestRestore, openPage, signIn, startBrowser, startRooiam, typeCode, wake } from './house.mjs'

let rooiam, browser
before(async () => {
  ;[rooiam, browser] = await Promise.all([startRooiam(), startBrowser()])
})
after(async () => {
  await browser?.close()
  await rooiam?.stop()
})

const heading = (page, name) => page.getByRole('heading', { name }).waitFor()
const row = (page, address) => page.getByRole('listitem').filter({ hasText: address })

for (const scripts of [true, false]) {
  const [first, second, third] = ['ada', 'ada.second', 'ada.third'].map((name) => `${name}${scripts ? '' : '.plain'}@example.com`)

  test(`somebody adds addresses, chooses between them and takes one back (${scripts ? 'with' : 'without'} scripts)`, async () => {
    const visitor = await openPage(browser, scripts)
    const { page, settle, complaints } = visitor
    await signIn(visitor, rooiam.origin, first)
    await page.goto(`${rooiam.origin}/account/addresses`)
    await heading(page, 'Email addresses')
    await page.getByLabel('Email address').fill(second)
    await page.getByRole('button', { name: 'Send code' }).click()
    await heading(page, 'Verify your email address')
    const { code } = await newestAddressMail(rooiam.origin, second)
    await settle()
    await look(page, 'address-verify', scripts)
    if (scripts) await wake(page)
    await page.getByLabel('6-digit code').fill(code)
    if (!scripts) await page.getByRole('button', { name: 'Verify and add' }).click()
    await heading(page, 'Email addresses')
    await row(page, second).waitFor()

    await page.getByLabel('Email address').fill(third)
    await page.getByRole('button', { name: 'Send code' }).click()
    await heading(page, 'Verify your email address')
    await page.goto((await newestAddressMail(rooiam.origin, third)).link)
    await page.getByText(`Add ${third} to your account?`).waitFor()
    await page.getByRole('button', { name: 'Verify and add' }).click()
    await row(page, third).waitFor()

    await row(page, second).getByText('Edit').click()
    await settle()
    await look(page, 'addresses', scripts)
    await row(page, second).getByRole('button', { name: 'Make primary' }).click()
    await row(page, second).getByText('Primary', { exact: true }).waitFor()
    await row(page, third).getByText('Edit').click()
    await row(page, third).getByRole('button', { name: 'Remove' }).click()
    await row(page, third).waitFor({ state: 'detached' })

    // The mail about that is opened elsewhere.
    const elsewhere = await openPage(browser, scripts)
    await elsewhere.page.goto(await newestRestore(rooiam.origin, third))
    await heading(elsewhere.page, 'Restore this email address?')
    await elsewhere.settle()
    await look(elsewhere.page, 'address-restore', scripts)
    await elsewhere.page.getByRole('button', { name: 'Restore email address' }).click()
    await heading(elsewhere.page, 'Email address restored')
    await page.reload()
    await row(page, third).waitFor()
    assert.deepEqual([...complaints, ...elsewhere.complaints], [])
    await elsewhere.context.close()
    await visitor.context.close()
  })

  test(`somebody ends their account and keeps it after all (${scripts ? 'with' : 'without'} scripts)`, async () => {
    const visitor = await openPage(browser, scripts)
    const { page, settle, complaints } = visitor
    await signIn(visitor, rooiam.origin, first)
    await page.goto(`${rooiam.origin}/account`)
    await settle()
    await look(page, 'account-profile', scripts)
    await page.getByRole('link', { name: 'Delete account' }).click()
    await heading(page, 'Delete account')
    await page.getByLabel(/to confirm/).fill('somebody@example.com')
    await page.getByRole('button', { name: 'Delete account' }).click()
    await page.getByText('This doesn’t match').waitFor()
    await settle()
    await look(page, 'account-delete', scripts)
    await page.getByLabel(/to confirm/).fill(second)
    await page.getByRole('button', { name: 'Delete account' }).click()
    await heading(page, 'Your account will be deleted')

    await page.goto(`${rooiam.origin}/login`)
    await askForMail(visitor, first)
    await typeCode(visitor, (await newestMail(rooiam.origin, first)).code)
    await heading(page, /Your account will be deleted on/)
    await settle()
    await look(page, 'account-ends', scripts)
    await page.goto(`${rooiam.origin}/workspaces`)
    await page.getByRole('button', { name: 'Keep my account' }).click()
    await page.getByText('Your account won’t be deleted').waitFor()
    assert.equal(page.url(), `${rooiam.origin}/account`)
    assert.deepEqual(complaints, [])
    await visitor.context.close()
  })
}

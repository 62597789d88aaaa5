// A workspace changes hands, is deleted and comes back.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { look, openPage, signIn, startBrowser, startRooiam } from './house.mjs'

let rooiam, browser
before(async () => {
  ;[rooiam, browser] = await Promise.all([startRooiam(), startBrowser()])
})
after(async () => {
  await browser?.close()
  await rooiam?.stop()
})

const [slug, giver, taker] = ['harbour-clinic', 'olivia@harbour.example', 'adam@harbour.example']

test('a workspace changes hands, ends and comes back', async () => {
  const [owner, heir] = [await openPage(browser), await openPage(browser)]
  const settings = `${rooiam.origin}/w/${slug}/admin/settings`
  await signIn(owner, rooiam.origin, giver)
  await owner.page.goto(settings)
  await owner.settle()
  await owner.page.getByLabel('Member’s email address').fill('stranger@example.com')
  await owner.page.getByRole('button', { name: 'Offer ownership' }).click()
  await owner.page.getByText('No member has this email address').waitFor()
  await owner.settle()
  await owner.page.getByLabel('Member’s email address').fill(taker)
  await owner.page.getByRole('button', { name: 'Offer ownership' }).click()
  await owner.page.getByText(`Waiting for ${taker} to accept`).waitFor()
  await owner.page.locator('main summary').click()
  await look(owner.page, 'settings')

  await signIn(heir, rooiam.origin, taker)
  await heir.page.getByText(`${giver} wants to transfer`).waitFor()
  await look(heir.page, 'workspaces-offer')
  await heir.page.getByRole('button', { name: 'Accept ownership' }).click()
  await heir.page.getByText(`${giver} wants to transfer`).waitFor({ state: 'detached' })
  await owner.page.goto(settings)
  assert.equal(await owner.page.getByRole('button', { name: 'Offer ownership' }).count(), 0)

  await heir.page.goto(settings)
  await heir.settle()
  const [download] = await Promise.all([heir.page.waitForEvent('download'), heir.page.getByRole('button', { name: 'Export data' }).click()])
  assert.equal(download.suggestedFilename(), `${slug}.ndjson`)
  await heir.page.locator('main summary').click()
  await heir.page.getByLabel(`Type ${slug} to confirm`).fill('something')
  await heir.page.getByRole('button', { name: 'Delete workspace' }).click()
  await heir.page.getByText('This doesn’t match. Type it exactly as shown').waitFor()
  await heir.settle()
  await heir.page.getByLabel(`Type ${slug} to confirm`).fill(slug)
  await heir.page.getByRole('button', { name: 'Delete workspace' }).click()
  await heir.page.getByText('Will be deleted in 29 days').or(heir.page.getByText('Will be deleted in 30 days')).waitFor()
  await look(heir.page, 'workspaces-ending')
  await owner.page.goto(`${rooiam.origin}/w/${slug}/admin`)
  await owner.page.getByText('This workspace is scheduled for deletion').waitFor()
  await heir.settle()
  await heir.page.getByRole('button', { name: 'Restore' }).click()
  await heir.page.getByText('Will be deleted').waitFor({ state: 'detached' })
  await owner.page.goto(`${rooiam.origin}/w/${slug}/admin`)
  await owner.page.getByText('Pending invitations').waitFor()
  const expected = /status of 403/
  assert.deepEqual([...owner.complaints, ...heir.complaints].filter((line) => !expected.test(line)), [])
})

test('operators decide who creates workspaces', async () => {
  const visitor = await openPage(browser)
  const { page, settle } = visitor
  await signIn(visitor, rooiam.origin, 'olivia@harbour.example')
  await page.goto(`${rooiam.origin}/platform`)
  await settle()
  await page.getByRole('link', { name: 'Settings' }).click()
  await settle()
  await page.getByLabel('Operators only').check()
  await page.getByRole('button', { name: 'Save changes' }).first().click()
  await page.getByText('Changes saved').waitFor()
  assert.ok(await page.getByLabel('Operators only').isChecked())
  await look(page, 'platform-settings')
  assert.deepEqual(visitor.complaints, [])
})

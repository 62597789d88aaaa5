// An owner makes a role and a group, ticks the matrix, and gives both away.
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

const [role, group, word] = ['Helpdesk', 'Berlin', 'editor']

test('roles, groups and what an app is told', async () => {
  const visitor = await openPage(browser)
  const { page, settle } = visitor
  const go = async (path) => {
    await page.goto(`${rooiam.origin}/w/harbour-clinic/admin/${path}`)
    await settle()
  }
  await signIn(visitor, rooiam.origin, 'olivia@harbour.example')
  await go('roles')
  await page.getByLabel('Name').fill(role)
  await page.getByRole('button', { name: 'Create role' }).click()
  await page.getByRole('link', { name: role }).waitFor()
  await settle()
  for (const permission of ['app:read', 'member:read']) await page.getByLabel(`${role}: ${permission}`).check()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Changes saved').waitFor()
  assert.ok(await page.getByLabel(`${role}: app:read`).isChecked())
  await look(page, 'roles')
  await settle()
  await page.getByLabel('Name').fill(role.toUpperCase())
  await page.getByRole('button', { name: 'Create role' }).click()
  await page.getByText('This name is already in use').waitFor()
  await page.getByRole('link', { name: role }).click()
  await page.getByRole('heading', { name: role }).waitFor()
  await look(page, 'role')

  await go('apps')
  await page.getByRole('link', { name: 'Patient portal' }).click()
  await settle()
  await page.getByLabel('New role').fill(word)
  await page.getByRole('button', { name: 'Create role' }).click()
  await page.getByRole('link', { name: word }).waitFor()
  await look(page, 'app-roles')

  await go('groups')
  await page.getByLabel('Name').fill(group)
  await page.getByRole('button', { name: 'Create group' }).click()
  await page.getByText('No members yet').waitFor()
  await settle()
  await page.getByLabel('Email addresses').fill('stranger@example.com')
  await page.getByRole('button', { name: 'Add members' }).click()
  await page.getByText('No member has this email address').waitFor()
  await settle()
  await page.getByLabel('Email addresses').fill('max@harbour.example mia@harbour.example')
  await page.getByRole('button', { name: 'Add members' }).click()
  await page.getByRole('button', { name: 'Remove max@harbour.example' }).waitFor()
  await settle()
  await page.getByLabel(role, { exact: true }).check()
  await page.getByRole('button', { name: 'Save changes' }).first().click()
  await page.getByText('Changes saved').waitFor()
  await look(page, 'group')
  await settle()
  await page.getByRole('button', { name: 'Remove mia@harbour.example' }).click()
  await page.getByText('mia@harbour.example').waitFor({ state: 'detached' })
  await go('groups')
  await look(page, 'groups')

  await go('members?q=max')
  await page.getByRole('link', { name: 'max@harbour.example' }).click()
  await page.getByText(`Group ${group}: ${role}`).first().waitFor()
  await settle()
  await page.getByLabel(word, { exact: true }).check()
  await page.getByRole('button', { name: 'Save roles' }).click()
  await page.getByText('Changes saved').waitFor()
  assert.ok(await page.getByLabel(word, { exact: true }).isChecked())
  await look(page, 'member-rights')
  assert.deepEqual(visitor.complaints, [])
})

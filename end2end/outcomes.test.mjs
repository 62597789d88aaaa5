// What forms came to is told once and is never in the address, and what was typed stays. With scripts and without.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { askForMail, look, newestMail, openPage, signIn, startBrowser, startRooiam, typeCode } from './house.mjs'

let rooiam, browser
before(async () => {
  ;[rooiam, browser] = await Promise.all([startRooiam(), startBrowser()])
})
after(async () => {
  await browser?.close()
  await rooiam?.stop()
})

for (const scripts of [true, false]) {
  const mode = scripts ? 'with scripts' : 'without scripts'
  const slug = scripts ? 'tidy' : 'plain'

  test(`a form that fails keeps what was typed, one that works says so once (${mode})`, async () => {
    const owner = await openPage(browser, scripts)
    const { page, settle } = owner
    const clean = (path) => assert.equal(page.url(), `${rooiam.origin}${path}`)
    await page.goto(`${rooiam.origin}/login`)
    await settle()
    await page.getByLabel('Email address').fill(`"Olga Owner" <owner@${slug}.example>`)
    await page.getByRole('button', { name: 'Continue with email' }).click()
    await page.getByText(`owner@${slug}.example`).waitFor()
    await signIn(owner, rooiam.origin, `owner@${slug}.example`)

    await page.goto(`${rooiam.origin}/workspaces/new`)
    await settle()
    await page.getByLabel('Name').fill('Tidy & Sons')
    await page.getByLabel('Address').fill('login')
    await page.getByRole('button', { name: 'Create workspace' }).click()
    await page.getByText('This address is reserved').waitFor()
    clean('/workspaces/new')
    assert.equal(await page.getByLabel('Name').inputValue(), 'Tidy & Sons')
    assert.equal(await page.getByLabel('Address').inputValue(), 'login')
    await look(page, 'outcome-failed', scripts)
    await page.reload()
    await settle()
    assert.equal(await page.getByText('This address is reserved').count(), 0)
    await page.getByLabel('Name').fill('Tidy & Sons')
    await page.getByLabel('Address').fill(slug)
    await page.getByRole('button', { name: 'Create workspace' }).click()
    await page.getByText('Create your first app').waitFor()

    await page.goto(`${rooiam.origin}/w/${slug}/admin/invitations`)
    await settle()
    const good = Array.from({ length: 58 }, (_, n) => `person${n}@${slug}.example`)
    await page.getByLabel('Email addresses').fill([...good, 'not an address', `owner@${slug}.example`].join('\n'))
    await page.getByLabel('Role').selectOption('auditor')
    await page.getByRole('button', { name: 'Send invitations' }).click()
    await page.getByText('58 invitations sent').waitFor()
    clean(`/w/${slug}/admin/invitations`)
    await page.getByText('This person is already a member.').waitFor()
    const left = page.getByLabel('Email addresses')
    assert.equal(await left.inputValue(), `not an address\nowner@${slug}.example`)
    assert.equal(await left.getAttribute('aria-invalid'), 'true')
    assert.equal(await page.getByLabel('Role').inputValue(), 'auditor')
    await look(page, 'outcome-partly', scripts)
    await settle()
    await left.fill(`someone@${slug}.example`)
    await page.getByRole('button', { name: 'Send invitations' }).click()
    await page.getByText('1 invitation sent').waitFor()
    await page.getByText('This person is already a member.').waitFor({ state: 'detached' })
    assert.equal(await page.getByLabel('Email addresses').inputValue(), '')

    await page.getByRole('link', { name: 'General', exact: true }).click()
    await page.getByLabel('Members only').waitFor()
    await settle()
    await page.getByLabel('Name').fill('Tidy and Sons')
    await page.getByRole('button', { name: 'Save changes' }).first().click()
    await page.getByText('Changes saved').waitFor()
    clean(`/w/${slug}/admin/settings`)
    await look(page, 'outcome-saved', scripts)
    await page.getByRole('link', { name: 'Apps', exact: true }).click()
    await page.getByText('No apps yet').waitFor()
    await page.getByRole('link', { name: 'General', exact: true }).click()
    await page.getByLabel('Members only').waitFor()
    assert.equal(await page.getByText('Changes saved').count(), 0, 'told once')
    for (const query of ['saved=1', '__path=/fn/update_workspace&__err=eyJjb2RlIjoic2x1Z19yZXNlcnZlZCJ9']) {
      await page.goto(`${rooiam.origin}/w/${slug}/admin/settings?${query}`)
      await settle()
      assert.equal(await page.getByRole('alert').count(), 0)
      assert.equal(await page.getByText('Changes saved').count(), 0)
    }
    assert.deepEqual(owner.complaints, [])
  })

  test(`the workspace's look stays through the whole sign-in (${mode})`, async () => {
    const guest = await openPage(browser, scripts)
    const { page } = guest
    const email = `guest@${slug}.example`
    const brand = page.locator('.card > .brand', { hasText: 'Harbour Clinic' })
    await page.goto(`${rooiam.origin}/w/harbour-clinic/login`)
    await page.getByRole('heading', { name: 'Harbour Clinic' }).waitFor()
    await askForMail(guest, email)
    await page.locator('.brand, .brand-logo').first().waitFor()
    await look(page, 'brand-sent', scripts)
    assert.ok((await page.title()).includes('Harbour Clinic'))
    const mail = await newestMail(rooiam.origin, email)
    await typeCode(guest, mail.code === '000000' ? '111111' : '000000')
    await page.getByText('Incorrect code').waitFor()
    // The challenge is in the address, and nothing of what the form came to.
    assert.match(page.url(), /\/login\/sent\?challenge=mlk_[0-9a-f]{32}$/)
    assert.ok((await page.title()).includes('Harbour Clinic'))
    await page.goto(mail.link)
    await page.getByRole('button', { name: 'Confirm and sign in' }).waitFor()
    assert.ok((await page.title()).includes('Harbour Clinic'))
    await look(page, 'brand-verify', scripts)
    await page.goto(`${rooiam.origin}/w/harbour-clinic/nowhere`)
    await brand.or(page.locator('.brand-logo')).first().waitFor()
    await look(page, 'brand-not-found', scripts)
    await page.goto(`${rooiam.origin}/w/harbour-clinic/join?invitation=junk`)
    await brand.or(page.locator('.brand-logo')).first().waitFor()
    assert.deepEqual(guest.complaints.filter((line) => !line.includes('404')), [])
  })
}

// An owner invites people; they join, get another role, and go. Once with scripts and once without.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { askForMail, look, newestInvitation, newestMail, openPage, startBrowser, startRooiam } from './house.mjs'

let rooiam, browser
before(async () => {
  ;[rooiam, browser] = await Promise.all([startRooiam(), startBrowser()])
})
after(async () => {
  await browser?.close()
  await rooiam?.stop()
})

async function signIn(visitor, email) {
  await visitor.page.goto(`${rooiam.origin}/login`)
  await askForMail(visitor, email)
  await visitor.page.goto((await newestMail(rooiam.origin, email)).link)
  await visitor.page.getByRole('button', { name: 'Yes, sign me in' }).click()
  await visitor.page.getByRole('heading', { name: 'Your workspaces' }).waitFor()
  await visitor.settle()
}

for (const scripts of [true, false]) {
  const mode = scripts ? 'with scripts' : 'without scripts'
  const slug = scripts ? 'northwind' : 'southwind'
  const [ada, grace] = ['ada', 'grace'].map((name) => `${name}@${slug}.example`)

  test(`an owner invites, a person joins, their role changes, they leave (${mode})`, async () => {
    const owner = await openPage(browser, scripts)
    const { page, settle } = owner
    await signIn(owner, `owner@${slug}.example`)
    await page.getByRole('link', { name: 'Create workspace' }).click()
    await settle()
    await page.getByLabel('Name').fill('Northwind Traders')
    await page.getByLabel('Address').fill(slug)
    await page.getByRole('button', { name: 'Create workspace' }).click()
    await page.getByText('No app yet').waitFor()
    await settle()

    await page.getByRole('link', { name: 'Members' }).click()
    await page.getByRole('heading', { name: 'Members 1' }).waitFor()
    await settle()
    await page.getByRole('link', { name: 'Invite people' }).click()
    await page.getByText('No invitation is waiting').waitFor()
    await settle()
    await page.getByLabel('E-mail addresses').fill('nonsense')
    await page.getByRole('button', { name: 'Send invitations' }).click()
    await page.getByText('Enter an e-mail address').waitFor()
    await settle()
    await page.getByLabel('E-mail addresses').fill(`Ada <${ada}>, ${grace}\nowner@${slug}.example`)
    await page.getByLabel('Role').selectOption('auditor')
    await page.getByRole('button', { name: 'Send invitations' }).click()
    await page.getByText('On their way: 2.').waitFor()
    await page.getByText('not invited: 1.').waitFor()
    assert.equal(await page.getByLabel('E-mail addresses').inputValue(), '')
    await look(page, 'invitations', { scripts })
    await page.getByRole('button', { name: `Withdraw the invitation of ${grace}` }).click()
    await page.getByText(grace).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: `Send again to ${ada}` }).click()
    await page.getByText('On their way: 1.').waitFor()

    const guest = await openPage(browser, scripts)
    await guest.page.goto(await newestInvitation(rooiam.origin, ada))
    await guest.page.getByRole('heading', { name: 'Join Northwind Traders' }).waitFor()
    assert.equal(await guest.page.getByLabel('E-mail address').inputValue(), ada)
    await look(guest.page, 'join-signed-out', { scripts })
    await signIn(guest, ada)
    await guest.page.getByRole('heading', { name: 'Join Northwind Traders' }).waitFor()
    await look(guest.page, 'workspaces-invited', { scripts })
    await page.goto(await newestInvitation(rooiam.origin, ada))
    await page.getByText(`but the invitation is for ${ada}`).waitFor()
    await look(page, 'join-somebody-else', { scripts })
    await guest.page.goto(await newestInvitation(rooiam.origin, ada))
    await guest.page.getByRole('button', { name: 'Accept' }).waitFor()
    await look(guest.page, 'join', { scripts })
    await guest.settle()
    await guest.page.getByRole('button', { name: 'Accept' }).click()
    await guest.page.getByRole('link', { name: 'Northwind Traders' }).waitFor()
    await guest.page.goto(await newestInvitation(rooiam.origin, ada))
    await guest.page.getByText('This invitation has expired, was withdrawn').waitFor()
    await look(guest.page, 'join-ended', { scripts })

    await page.goto(`${rooiam.origin}/w/${slug}/admin/members`)
    await page.getByRole('heading', { name: 'Members 2' }).waitFor()
    await look(page, 'members', { scripts })
    await page.getByRole('link', { name: ada }).click()
    await page.getByText('As Auditor, they can').waitFor()
    await settle()
    await page.getByLabel('Role').selectOption('admin')
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('As Admin, they can').waitFor()
    await page.getByText('member.role_changed').waitFor()
    await look(page, 'member', { scripts })

    await guest.page.goto(`${rooiam.origin}/w/${slug}/admin/members?q=OWNER&role=owner`)
    await guest.page.getByRole('link', { name: `owner@${slug}.example` }).click()
    await guest.page.getByText('As Owner, they can').waitFor()
    assert.equal(await guest.page.getByRole('button', { name: 'Save changes' }).count(), 0, 'an admin does not touch an owner')

    await page.goto(`${rooiam.origin}/w/${slug}/leave`)
    await settle()
    await page.getByRole('button', { name: 'Leave' }).click()
    await page.getByText('A workspace needs an owner').waitFor()
    await look(page, 'leave-last-owner', { scripts })
    await guest.page.goto(`${rooiam.origin}/workspaces`)
    await guest.settle()
    await guest.page.getByRole('link', { name: 'Leave' }).click()
    await guest.page.getByRole('heading', { name: `Leave ${slug}` }).waitFor()
    await guest.settle()
    await guest.page.getByRole('button', { name: 'Leave' }).click()
    await guest.page.getByText('You are in no workspace yet').waitFor()
    assert.deepEqual([...owner.complaints, ...guest.complaints], [])
  })
}

test('a new data folder has people, workspaces and apps to look at', async () => {
  const visitor = await openPage(browser, true)
  await signIn(visitor, 'olivia@harbour.example')
  const { page } = visitor
  await page.getByRole('link', { name: 'Meadow Books' }).waitFor()
  await look(page, 'workspaces-demo', { scripts: true })
  await page.getByRole('link', { name: 'Harbour Clinic' }).click()
  await page.getByRole('link', { name: 'Patient portal' }).waitFor()
  await page.getByRole('link', { name: 'Members' }).click()
  await page.getByRole('heading', { name: 'Members 5' }).waitFor()
  await look(page, 'members-demo', { scripts: true })
  assert.deepEqual(visitor.complaints, [])
})

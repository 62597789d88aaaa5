// Somebody who lost their phone and their recovery codes comes back, by an admin of their workspace and by operators; and browsers in which no
// code is asked for. With scripts and without.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { askForMail, look, makeFolder, newestInvitation, newestMail, newestRecovery, openPage, signIn, startBrowser, startRooiam, wake } from './house.mjs'

const folder = makeFolder()
let rooiam, browser
before(async () => {
  ;[rooiam, browser] = await Promise.all([startRooiam(folder), startBrowser()])
})
after(async () => {
  await browser?.close()
  await rooiam?.stop()
})

const heading = (page, name) => page.getByRole('heading', { name }).waitFor()

/** Lets days pass for all recoveries. */
function daysPass(days) {
  const shift = ['begun_at', 'counts_at', 'expires_at'].map((at) => `${at} = ${at} - interval '${days} days'`)
  const since = `UPDATE user_emails SET verified_at = verified_at - interval '${days} days'`
  const said = `${since}; UPDATE recoveries SET ${shift.join(', ')}`
  execFileSync('psql', ['-q', '-h', join(folder, 'data', 'postgres'), '-U', 'postgres', '-d', 'rooiam', '-c', said])
}

/** What an authenticator app with this key shows (RFC 6238), `ahead` steps from now. */
function digits(key, ahead = 0) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...key.replace(/\s/g, '')].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const seed = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead))
  const mac = createHmac('sha1', seed).update(step).digest()
  const from = mac[19] & 15
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** Turns two-step verification on, on the page that sets it up. */
async function turnOn({ page, scripts, settle }) {
  await page.getByRole('button', { name: 'Continue' }).click()
  await heading(page, '1. Scan the QR code')
  const key = await page.locator('.copyable code').innerText()
  await settle()
  if (scripts) await wake(page)
  await page.getByLabel('6-digit code').fill(digits(key))
  if (!scripts) await page.getByRole('button', { name: 'Turn on' }).click()
  await heading(page, 'Recovery codes')
  return key
}

/** Proves the first factor, by mail, in a browser that knows nothing. */
async function proveFirst(visitor, email) {
  const { context, page } = visitor
  await context.clearCookies()
  await page.goto(`${rooiam.origin}/login`)
  await askForMail(visitor, email)
  await page.goto((await newestMail(rooiam.origin, email)).link)
  await page.getByRole('button', { name: 'Confirm and sign in' }).click()
  await heading(page, 'Two-step verification')
}

/** A member of the owner's workspace, who has an authenticator app. */
async function member(owner, slug, email, scripts) {
  const { page } = owner
  await page.goto(`${rooiam.origin}/w/${slug}/admin/invitations`)
  await owner.settle()
  await page.getByLabel('Email addresses').fill(email)
  await page.getByRole('button', { name: 'Send invitations' }).click()
  await page.getByText('1 invitation sent').waitFor()
  const visitor = await openPage(browser, scripts)
  await signIn(visitor, rooiam.origin, email)
  await visitor.page.goto(await newestInvitation(rooiam.origin, email))
  await visitor.page.getByRole('button', { name: 'Accept' }).click()
  await heading(visitor.page, 'Your workspaces')
  await visitor.page.goto(`${rooiam.origin}/account/security/authenticator`)
  await turnOn(visitor)
  return visitor
}

for (const scripts of [true, false]) {
  const how = scripts ? 'with' : 'without'
  test(`a member stops one recovery and comes back by the next ${how} scripts`, async () => {
    const [slug, email] = scripts ? ['boats', 'ada@boats.example'] : ['ships', 'ada@ships.example']
    const owner = await openPage(browser, scripts)
    await signIn(owner, rooiam.origin, `owner@${slug}.example`)
    await owner.page.goto(`${rooiam.origin}/workspaces/new`)
    await owner.settle()
    await owner.page.getByLabel('Name').fill(`The ${slug}`)
    await owner.page.getByLabel('Address').fill(slug)
    await owner.page.getByRole('button', { name: 'Create workspace' }).click()
    await owner.page.waitForURL(`${rooiam.origin}/w/${slug}/admin`)
    const visitor = await member(owner, slug, email, scripts)
    daysPass(1)

    // The member's page: begin.
    const { page } = owner
    const begin = async () => {
      await page.goto(`${rooiam.origin}/w/${slug}/admin/members`)
      await page.getByRole('link', { name: email }).click()
      await page.getByText('Account recovery').first().click()
      await page.getByLabel('Reason').last().fill('Phone stolen')
      if (scripts) await look(page, 'recovery-begin', scripts)
      await page.getByRole('button', { name: 'Start recovery' }).click()
      await heading(page, 'Account recovery in progress')
    }
    await begin()
    await look(page, 'recovery-running', scripts)

    // In the account, and by the mail: stop.
    await visitor.page.goto(`${rooiam.origin}/account/security`)
    await heading(visitor.page, 'started recovering your account')
    await look(visitor.page, 'recovery-banner', scripts)
    const stranger = await openPage(browser, scripts)
    const link = await newestRecovery(rooiam.origin, email)
    await stranger.page.goto(link)
    await heading(stranger.page, 'started recovering your account')
    await look(stranger.page, 'recovery-stop', scripts)
    await stranger.page.getByRole('button', { name: 'Stop recovery' }).click()
    await heading(stranger.page, 'Account recovery stopped')
    await look(stranger.page, 'recovery-stopped', scripts)
    await stranger.page.goto(link)
    await stranger.page.getByText('has already been used').first().waitFor()

    // Nobody stops the next one. Before its time the page says when, then it lets them pass once.
    await begin()
    await proveFirst(visitor, email)
    await visitor.page.getByText('Your account is being recovered').waitFor()
    await look(visitor.page, 'recovery-ahead', scripts)
    daysPass(3)
    await proveFirst(visitor, email)
    await visitor.page.getByText('Your account recovery is ready').waitFor()
    await look(visitor.page, 'recovery-ready', scripts)
    await visitor.page.getByRole('button', { name: 'Continue without a code' }).click()
    await visitor.page.waitForURL(/\/account\/security\/authenticator/)
    await look(visitor.page, 'recovery-new-app', scripts)
    await turnOn(visitor)
    await visitor.page.goto(`${rooiam.origin}/account/activity`)
    await visitor.page.getByText('Account recovered, two-step verification removed').waitFor()
    for (const one of [owner, visitor, stranger]) {
      assert.deepEqual(one.complaints.filter((line) => !line.includes('410')), [])
      await one.context.close()
    }
  })
}

test('operators recover somebody of several workspaces, who objects', async () => {
  const olivia = await openPage(browser)
  await signIn(olivia, rooiam.origin, 'olivia@harbour.example')
  const grace = await openPage(browser)
  await signIn(grace, rooiam.origin, 'grace@home.example')
  await grace.page.goto(`${rooiam.origin}/account/security/authenticator`)
  await turnOn(grace)
  const { page } = olivia
  await page.goto(`${rooiam.origin}/platform/people?q=grace@home.example`)
  await page.getByRole('link', { name: 'grace@home.example' }).click()
  await page.getByText('Account recovery').first().click()
  await page.getByLabel('Reason').last().fill('Showed her passport')
  await page.getByLabel('Their passkeys are lost too').check()
  await look(page, 'recovery-operator')
  await page.getByRole('button', { name: 'Start recovery' }).click()
  await heading(page, 'Account recovery in progress')
  await grace.page.goto(`${rooiam.origin}/account/security`)
  await grace.page.getByRole('button', { name: 'I didn’t ask for this' }).click()
  await grace.page.getByText('You objected').waitFor()
  await look(grace.page, 'recovery-objected')
  await page.reload()
  await page.getByText('This person objected').waitFor()
  await look(page, 'recovery-operator-objected')
  await page.getByRole('button', { name: 'Cancel recovery' }).click()
  await page.getByText('Account recovery', { exact: true }).first().waitFor()
  await grace.page.goto(await newestRecovery(rooiam.origin, 'grace@home.example'))
  await grace.page.getByText('has already been used').first().waitFor()
  // Who never lost anything is shown whom to ask if they do.
  await proveFirst(grace, 'grace@home.example')
  await grace.page.getByText('Lost your app and your recovery codes?').click()
  await grace.page.getByText('Ask an admin of your workspace').waitFor()
  await look(grace.page, 'recovery-whom-to-ask')
  await olivia.context.close()
  await grace.context.close()
})

for (const scripts of [true, false]) {
  test(`a browser is trusted, and no more, ${scripts ? 'with' : 'without'} scripts`, async () => {
    const email = scripts ? 'zoe@trusting.example' : 'zoe@plain.example'
    const olivia = await openPage(browser, scripts)
    await signIn(olivia, rooiam.origin, 'olivia@harbour.example')
    await olivia.page.goto(`${rooiam.origin}/platform/settings`)
    await olivia.settle()
    await olivia.page.getByLabel('Trusted browsers (days)').fill('30')
    await olivia.page.getByRole('button', { name: 'Save changes' }).first().click()
    await olivia.page.getByText('Changes saved').waitFor()
    const visitor = await openPage(browser, scripts)
    const { context, page } = visitor
    await signIn(visitor, rooiam.origin, email)
    await page.goto(`${rooiam.origin}/account/security/authenticator`)
    const key = await turnOn(visitor)
    await proveFirst(visitor, email)
    await look(page, 'trusted-offer', scripts)
    if (scripts) await wake(page)
    await page.getByLabel('Don’t ask for a code in this browser for 30 days').check()
    await page.getByLabel('6-digit code').fill(digits(key, 1))
    if (!scripts) await page.getByRole('button', { name: 'Verify' }).first().click()
    await heading(page, 'Your workspaces')
    // Signed out, a mail is enough here.
    const kept = (await context.cookies()).filter(({ name }) => !name.includes('session'))
    await context.clearCookies()
    await context.addCookies(kept)
    await signIn(visitor, rooiam.origin, email)
    await page.goto(`${rooiam.origin}/account/security`)
    await heading(page, 'Trusted browsers')
    await look(page, 'trusted-list', scripts)
    await page.getByRole('button', { name: 'Stop trusting all browsers' }).click()
    await page.getByRole('heading', { name: 'Trusted browsers' }).waitFor({ state: 'detached' })
    await proveFirst(visitor, email)
    await olivia.context.close()
    await context.close()
  })
}

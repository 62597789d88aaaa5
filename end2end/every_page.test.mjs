// Every page as it comes, in every look: light, dark, on a phone, from right to left, in forced colours. A page that is not
// listed fails the test by name.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { barriers, openPage, signIn, startBrowser, startNamedRooiam, wake } from './house.mjs'

const place = '/w/harbour-clinic'
/** Of each route where it is looked at. `{thing}` stands for the first link of that kind on the page before it. */
const pages = {
  '/': '/',
  '/login': '/login',
  '/login/sent': '/login/sent',
  '/login/not-me': '/login/not-me?done=1',
  '/login/passkey': '/login/passkey',
  '/login/password': '/login/password?again=1',
  '/login/two-step': '/login/two-step',
  '/login/recovery': '/login/recovery?done=stopped',
  '/login/step-up': '/login/step-up',
  '/login/verify': '/login/verify?token=x',
  '/w/:slug/login': `${place}/login?again=1`,
  '/w/:slug/login/password': `${place}/login/password?again=1`,
  '/w/:slug/login/callback': `${place}/login/callback`,
  '/w/:slug/login/callback/:kind': `${place}/login/callback/github`,
  '/w/:slug/consent': `${place}/consent`,
  '/workspaces': '/workspaces',
  '/workspaces/new': '/workspaces/new',
  '/w/:slug/admin': `${place}/admin`,
  '/w/:slug/admin/apps': `${place}/admin/apps`,
  '/w/:slug/admin/apps/new': `${place}/admin/apps/new`,
  '/w/:slug/admin/apps/:id': [`${place}/admin/apps`, '/admin/apps/app_'],
  '/w/:slug/admin/apps/:id/test': [`${place}/admin/apps`, '/admin/apps/app_', '/test'],
  '/w/:slug/admin/members': `${place}/admin/members`,
  '/w/:slug/admin/members/check': `${place}/admin/members/check?email=max@harbour.example`,
  '/w/:slug/admin/members/change': `${place}/admin/members/change`,
  '/w/:slug/admin/members/:id': [`${place}/admin/members`, '/admin/members/usr_'],
  '/w/:slug/admin/invitations': `${place}/admin/invitations`,
  '/w/:slug/admin/roles': `${place}/admin/roles`,
  '/w/:slug/admin/roles/:id': [`${place}/admin/roles`, '/admin/roles/rol_'],
  '/w/:slug/admin/groups': `${place}/admin/groups`,
  '/w/:slug/admin/groups/:id': [`${place}/admin/groups`, '/admin/groups/grp_'],
  '/w/:slug/admin/connections': `${place}/admin/connections`,
  '/w/:slug/admin/connections/new': `${place}/admin/connections/new?preset=oidc`,
  '/w/:slug/admin/connections/:id': [`${place}/admin/connections`, '/admin/connections/con_'],
  // One that is over shows as every page that is not there; `connections.test.mjs` looks at it.
  '/w/:slug/admin/connections/:id/tests/:test': [`${place}/admin/connections`, '/admin/connections/con_', '/tests/coa_01920000000070008000000000000042'],
  '/w/:slug/admin/domains': `${place}/admin/domains`,
  '/w/:slug/admin/branding': `${place}/admin/branding`,
  '/w/:slug/ask': '/w/meadow-books/ask',
  '/w/:slug/join': `${place}/join?invitation=x`,
  '/w/:slug/leave': `${place}/leave`,
  '/w/:slug/admin/settings': `${place}/admin/settings`,
  '/platform': '/platform',
  '/platform/people': '/platform/people',
  '/platform/people/:id': ['/platform/people', '/platform/people/usr_'],
  '/platform/health': '/platform/health',
  '/platform/connections': '/platform/connections',
  '/platform/connections/new': '/platform/connections/new?preset=oidc',
  '/platform/connections/:id': ['/platform/connections', '/platform/connections/con_'],
  '/platform/connections/:id/tests/:test': ['/platform/connections', '/platform/connections/con_', '/tests/coa_01920000000070008000000000000042'],
  '/login/callback': '/login/callback',
  '/login/callback/:kind': '/login/callback/github',
  '/platform/settings': '/platform/settings',
  '/platform/workspaces/:slug': '/platform/workspaces/meadow-books',
  '/account': '/account',
  '/account/addresses': '/account/addresses',
  '/account/addresses/verify': '/account/addresses/verify?challenge=x',
  '/account/addresses/restore': '/account/addresses/restore?done=1',
  '/account/security': '/account/security',
  '/account/security/password': '/account/security/password',
  '/account/security/authenticator': '/account/security/authenticator',
  '/account/security/recovery-codes': '/account/security/recovery-codes',
  '/account/sessions': '/account/sessions',
  '/account/apps': '/account/apps',
  '/account/activity': '/account/activity',
  '/account/delete': '/account/delete',
  '/account/data': '/account/data',
  '/dev/mailbox': '/dev/mailbox',
  '/dev/style': '/dev/style',
}

const desk = { width: 1180, height: 780 }
const looks = [
  { name: 'light', size: desk, media: { colorScheme: 'light' } },
  { name: 'dark', size: desk, media: { colorScheme: 'dark' } },
  { name: 'phone', size: { width: 320, height: 700 }, media: { colorScheme: 'light' } },
  { name: 'forced colours', size: desk, media: { forcedColors: 'active' } },
]

let rooiam, browser
before(async () => {
  ;[rooiam, browser] = await Promise.all([startNamedRooiam(), startBrowser()])
})
after(async () => {
  await browser?.close()
  await rooiam?.stop()
})

test('every route is listed', () => {
  const routes = [...readFileSync('app/src/routes.rs', 'utf8').matchAll(/<Route path=(?:path!\("([^"]+)"\)|StaticSegment\(""\))/g)]
  assert.deepEqual(Object.keys(pages).sort(), routes.map(([, path]) => path ?? '/').sort())
})

for (const language of ['en-GB', 'ar']) {
  test(`every page is fit to be seen in every look (${language})`, async () => {
    const visitor = await openPage(browser)
    const { page, context } = visitor
    await signIn(visitor, rooiam.origin, 'olivia@harbour.example')
    if (language === 'ar') {
      await page.goto(`${rooiam.origin}/login?again=1`)
      await page.getByRole('button', { name: 'العربية' }).click()
      await page.locator('html[dir=rtl]').waitFor()
    }
    const faults = []
    for (const [route, where] of Object.entries(pages)) {
      let path = where
      if (Array.isArray(where)) {
        await page.goto(rooiam.origin + where[0])
        path = (await page.locator(`main a[href*="${where[1]}"]`).first().getAttribute('href')) + (where[2] ?? '')
      }
      await page.goto(rooiam.origin + path)
      await wake(page)
      // What only colours decide is looked at in one language.
      for (const { name, size, media } of language === 'ar' ? [looks[0], looks[2]] : looks) {
        await page.setViewportSize(size)
        await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', ...media })
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        if (wide > 0) faults.push(`${route} (${name}) is ${wide} px too wide`)
        for (const barrier of await barriers(page)) faults.push(`${route} (${name}): ${barrier}`)
      }
      await page.setViewportSize(desk)
      await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' })
    }
    await context.close()
    assert.deepEqual(faults, [])
    const unexpected = visitor.complaints.filter((line) => !/status of 4\d\d/.test(line))
    assert.deepEqual(unexpected, [])
  })
}

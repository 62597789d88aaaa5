// What a page costs a browser on a slow line: bytes as they travel, and the time until it can be used. Called by `make bench`
// with the origin of a running `rooiam dev`.
import { openPage, signIn, startBrowser, wake } from '../house.mjs'

const [origin] = process.argv.slice(2)
// 400 kbit/s and 400 ms, a bad mobile line.
const line = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 }

/** Opens `path` with an empty cache; usable is when everything answers that needs no script. Then it is used, which wakes its
 * islands. */
async function measure(context, path) {
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('Network.enable')
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true })
  await cdp.send('Network.emulateNetworkConditions', line)
  let bytes = 0
  cdp.on('Network.loadingFinished', (one) => (bytes += one.encodedDataLength))
  const began = performance.now()
  await page.goto(`${origin}${path}`, { waitUntil: 'domcontentloaded' })
  const usable = performance.now() - began
  await page.waitForLoadState('networkidle')
  const [shown, touched] = [bytes, performance.now()]
  await wake(page)
  const awake = performance.now() - touched
  await page.waitForLoadState('networkidle')
  await page.close()
  const islands = bytes === shown ? 'no islands' : `islands ${bytes - shown} B more, awake ${Math.round(awake)} ms after the first touch`
  console.log(`${path.padEnd(32)} ${shown} B, usable after ${Math.round(usable)} ms; ${islands}`)
}

const browser = await startBrowser()
const visitor = await openPage(browser, true)
await measure(visitor.context, '/login')
await signIn(visitor, origin, 'olivia@harbour.example')
await measure(visitor.context, '/w/harbour-clinic/admin/members')
await browser.close()

// The browser code as it is shipped: optimised, named by its content, and at work.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openPage, signIn, startBrowser, startRooiam } from './house.mjs'

let rooiam, browser
before(async () => {
  ;[rooiam, browser] = await Promise.all([startRooiam(), startBrowser()])
})
after(async () => {
  await browser?.close()
  await rooiam?.stop()
})

/** The address of the WASM that a page with islands asks for. */
async function wasmOf(path) {
  const html = await (await fetch(`${rooiam.origin}${path}`)).text()
  return rooiam.origin + /\/pkg\/rooiam\.[0-9a-f]{16}\.wasm/.exec(html)[0]
}

test('the WASM that is served is optimised, kept for ever, and compiles', async () => {
  const url = await wasmOf('/login')
  for (const encoding of ['br', 'gzip', 'identity']) {
    const answer = await fetch(url, { headers: { 'accept-encoding': encoding } })
    assert.equal(answer.headers.get('content-type'), 'application/wasm')
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable')
    const code = await WebAssembly.compile(await answer.arrayBuffer())
    assert.ok(WebAssembly.Module.exports(code).some(({ name }) => name === 'hydrate'))
    const names = WebAssembly.Module.customSections(code, 'name')
    assert.equal(names.length, 0, 'this is a debug build: scripts/build.sh --shipped-site')
  }
  const gone = await fetch(url.replace(/[0-9a-f]{16}/, '0123456789abcdef'))
  assert.deepEqual([gone.status, gone.headers.get('cache-control')], [404, 'no-store'])
  const { page } = await openPage(browser)
  await page.goto(`${rooiam.origin}/login`)
  const compiled = await page.evaluate(async (url) => String(await WebAssembly.compileStreaming(fetch(url))), url)
  assert.equal(compiled, '[object WebAssembly.Module]')
})

test('islands wake without a word on the console', async () => {
  const visitor = await openPage(browser)
  const { page } = visitor
  await signIn(visitor, rooiam.origin, 'olivia@harbour.example')
  await page.goto(`${rooiam.origin}/w/harbour-clinic/admin`)
  await visitor.settle()
  // Only scripts open it, and only scripts find a page.
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('memb')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /^Members/ }).waitFor()
  assert.deepEqual(visitor.complaints, [])
})

test('an island that the code does not know stays as it came', async () => {
  const visitor = await openPage(browser)
  const { page } = visitor
  await signIn(visitor, rooiam.origin, 'olivia@harbour.example')
  await page.route('**/admin', async (route) => {
    const answer = await route.fetch()
    const body = (await answer.text()).replaceAll(/data-component="[^"]+"/g, 'data-component="Palette_0"')
    await route.fulfill({ response: answer, body })
  })
  await page.goto(`${rooiam.origin}/w/harbour-clinic/admin`)
  await visitor.settle()
  await page.keyboard.press('Control+k')
  assert.equal(await page.getByRole('dialog').count(), 0)
  await page.getByRole('link', { name: 'Members', exact: true }).click()
  await page.getByRole('heading', { name: /^Members/ }).waitFor()
  assert.deepEqual(visitor.complaints, [])
})

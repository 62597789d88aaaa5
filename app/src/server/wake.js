// Wakes the islands of a page when somebody begins to use it: a page that is only read downloads no WASM, and one without
// islands never does. What was done before they were awake is done again to them then. An island that the code does not know
// is of another build, and stays as the server rendered it.
const islands = document.querySelectorAll('leptos-island')
const signs = ['pointermove', 'pointerdown', 'focusin', 'keydown', 'input', 'change', 'click']
const missed = []
let waking
const wake = async () => {
  const wasm = fetch("{wasm}")
  const code = await import("{script}")
  await code.default({ module_or_path: wasm })
  code.hydrate()
  for (const island of islands) code[island.dataset.component]?.(island)
  // Their effects, which listen, have their turn first.
  await new Promise((done) => setTimeout(done))
  for (const sign of signs) removeEventListener(sign, notice, true)
  for (const again of missed) again()
  document.documentElement.dataset.islands = 'awake'
}
const notice = (event) => {
  waking ??= wake().catch(() => (document.documentElement.dataset.islands = 'failed'))
  const { type, target } = event
  if (type === 'input' || type === 'change') missed.push(() => target.dispatchEvent(new Event(type, { bubbles: true })))
  const button = type === 'click' && target.closest('leptos-island [type=button], {opener}')
  if (button) missed.push(() => button.click())
  if (type === 'keydown' && (event.ctrlKey || event.metaKey) && event.key === 'k') {
    event.preventDefault()
    missed.push(() => dispatchEvent(new KeyboardEvent(type, event)))
  }
}
if (islands.length) for (const sign of signs) addEventListener(sign, notice, true)

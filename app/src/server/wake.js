// Wakes the islands of a page when somebody begins to use it: a page that is only read downloads no WASM, and one without
// islands never does. A click or a key that woke them is done again to them then; what was typed or ticked they read from the
// page. An island that the code does not know is of another build, and stays as the server rendered it.
const islands = document.querySelectorAll('leptos-island')
const signs = ['pointermove', 'pointerdown', 'focusin', 'keydown', 'input', 'click']
const state = document.documentElement.dataset
const missed = []
let waking
// Once the palette was asked for, what is typed is meant for it.
let forPalette = false
const stop = () => {
  for (const sign of signs) removeEventListener(sign, notice, true)
}
const wake = async () => {
  const wasm = fetch("{wasm}")
  wasm.catch(() => {})
  const code = await import("{script}")
  await code.default({ module_or_path: wasm })
  code.hydrate()
  for (const island of islands) code[island.dataset.component]?.(island)
  // Their effects, which listen, have their turn first.
  await new Promise((done) => setTimeout(done))
  stop()
  for (const again of missed) again()
  state.islands = 'awake'
}
const typeAgain = ({ key, ctrlKey, metaKey }) => {
  const field = document.activeElement
  const pressed = new KeyboardEvent('keydown', { key, ctrlKey, metaKey, bubbles: true, cancelable: true })
  if (key === 'Enter') field.form?.requestSubmit()
  else if (key === 'Escape') field.closest('dialog')?.close()
  else if (key.length > 1 || ctrlKey || metaKey) field.dispatchEvent(pressed)
  else {
    field.value += key
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
}
const begin = () => {
  waking ??= wake().catch(() => {
    stop()
    state.islands = 'failed'
  })
}
const notice = (event) => {
  begin()
  const { type, target } = event
  if (type === 'input') target.form?.setAttribute('data-touched', '')
  const button = type === 'click' && target.closest('leptos-island [type=button], {opener}')
  if (button) missed.push(() => button.click())
  const opens = type === 'keydown' && (event.ctrlKey || event.metaKey) && event.key === 'k' && document.querySelector('{opener}')
  if (opens || (type === 'keydown' && forPalette)) {
    forPalette = true
    event.preventDefault()
    missed.push(() => typeAgain(event))
  }
}
if (islands.length) for (const sign of signs) addEventListener(sign, notice, true)
// Whoever comes to a page where a field waits for them is about to use it.
if (islands.length && document.querySelector('input[autofocus]')) begin()

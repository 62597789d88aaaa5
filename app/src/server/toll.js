// Finds a number whose SHA-256, with what the server asked, begins with so many zero bits (`proof_of_work.rs`). Whoever sends the form
// before that waits a moment.
const field = document.querySelector('input[data-toll]')
const form = field?.form
const atOnce = 512
const zeros = (hash) => {
  const bytes = new Uint8Array(hash)
  const first = bytes.findIndex((byte) => byte)
  return first < 0 ? bytes.length * 8 : first * 8 + Math.clz32(bytes[first]) - 24
}
const pay = async (asked) => {
  const bits = parseInt(asked, 10)
  const encoder = new TextEncoder()
  for (let next = 0; ; next += atOnce) {
    const tries = Array.from({ length: atOnce }, (_, n) => `${asked}.${next + n}`)
    const hashes = await Promise.all(tries.map((one) => crypto.subtle.digest('SHA-256', encoder.encode(one))))
    const found = hashes.findIndex((hash) => zeros(hash) >= bits)
    if (found >= 0) return tries[found]
  }
}
if (form && globalThis.crypto?.subtle) {
  const paid = pay(field.dataset.toll).then((answer) => { field.value = answer })
  form.addEventListener('submit', (event) => {
    if (field.value) return
    event.preventDefault()
    const button = form.querySelector('button')
    button.disabled = true
    button.textContent = field.dataset.working
    paid.then(() => form.submit())
  })
}

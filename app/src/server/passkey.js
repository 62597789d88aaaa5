// Turns to the authenticator for the form of a page that signs in with a passkey or adds one. What it answers goes where forms
// go: the server decides and says what came of it. Where a browser offers passkeys in the field for the address, it does so
// from the start; what was asked for then is asked anew before it is too old.
const form = document.querySelector('form[data-passkey]')
const able = document.querySelector('input[name=passkeys]')
const renewed = 4 * 60 * 1000
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0))
const text = (buffer) => {
  const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('')
  return btoa(signs).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
}
const named = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }))
if (able && globalThis.PublicKeyCredential) {
  PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()
    .then((is) => { if (is) able.value = 'yes' })
    .catch(() => {})
}
const set = (name, value) => { form.elements[name].value = value }
const send = (challenge, { id, rawId, type, response }) => {
  const parts = {}
  for (const part of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[part]) parts[part] = text(response[part])
  }
  set('challenge', challenge)
  set('answer', JSON.stringify({ id, rawId: text(rawId), type, response: parts, extensions: {} }))
  form.submit()
}
let waiting
let begun = 0
const begin = async () => {
  begun = Date.now()
  const body = new URLSearchParams(new FormData(form))
  const answer = await fetch(form.dataset.begin, { method: 'POST', headers: { accept: 'application/json' }, body }).catch(() => {
    throw { name: 'offline' }
  })
  const said = await answer.json().catch(() => ({}))
  if (!answer.ok) throw { name: said.code ?? 'unavailable' }
  return said
}
const ask = async (mediation) => {
  waiting?.abort()
  const { signal } = (waiting = new AbortController())
  const { challenge, options } = await begin()
  if (signal.aborted) throw { name: 'AbortError' }
  const { user, excludeCredentials, allowCredentials, ...rest } = options
  const publicKey = { ...rest, challenge: bytes(options.challenge) }
  if (allowCredentials) publicKey.allowCredentials = named(allowCredentials)
  if (form.dataset.passkey === 'add') {
    publicKey.user = { ...user, id: bytes(user.id) }
    publicKey.excludeCredentials = named(excludeCredentials)
    send(challenge, await navigator.credentials.create({ publicKey, signal }))
  } else send(challenge, await navigator.credentials.get({ publicKey, mediation, signal }))
}
const offer = async () => {
  const offers = await PublicKeyCredential.isConditionalMediationAvailable?.()
  if (offers && !document.hidden) await ask('conditional').catch(() => {})
}
if (form && globalThis.PublicKeyCredential && isSecureContext) {
  const signs = form.dataset.passkey === 'get'
  const said = form.querySelector('[role=status]')
  const words = JSON.parse(form.dataset.words)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    said.textContent = ''
    ask().catch(({ name }) => {
      // Somebody asked again meanwhile.
      if (name === 'AbortError') return
      said.textContent = words[name === 'InvalidStateError' ? 'passkey_known' : name] ?? words.cancelled
      if (signs && name === 'NotAllowedError') offer()
    })
  })
  // Who was just refused asks by the button: an authenticator that answers by itself would be refused again and again.
  if (signs && !document.querySelector('[role=alert]')) {
    offer()
    const anew = () => { if (!document.hidden && Date.now() - begun > renewed) offer() }
    setInterval(anew, renewed / 8)
    document.addEventListener('visibilitychange', anew)
    addEventListener('pageshow', ({ persisted }) => { if (persisted) offer() })
  }
} else form?.setAttribute('hidden', '')

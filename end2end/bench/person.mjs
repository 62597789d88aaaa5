// Somebody who signs in again and again, by every way there is.
import assert from 'node:assert/strict'
import { authenticatorCode } from '../house.mjs'
import { Authenticator } from './authenticator.mjs'
import { Visitor, hidden } from './visitor.mjs'

export const password = 'correct horse battery staple'
let networks = 0

/** Where nobody was before: each try comes from another network, since what is measured are no limits. */
export const elsewhere = () => `11.${(++networks >> 8) & 255}.${networks & 255}.1`

export class Person extends Visitor {
  #authenticator = new Authenticator()
  #key
  #waiting

  constructor(origin, email) {
    super(origin)
    this.email = email
  }

  async #send(name, fields) {
    this.network = elsewhere()
    const answer = await this.post(`/fn/${name}`, fields)
    assert.ok(answer.status < 400, `${name}: ${answer.status}`)
    return answer.headers.get('location')
  }

  async #ask(name, fields) {
    const answer = await this.post(`/fn/${name}`, fields, { accept: 'application/json' })
    assert.equal(answer.status, 200, `${name}: ${answer.status}`)
    return answer.json()
  }

  async #page(path) {
    const answer = await this.get(path)
    assert.equal(answer.status, 200, `${path}: ${answer.status}`)
    return answer.text()
  }

  /** Comes by mail, and sets up a password and a passkey. */
  async comeIn() {
    this.network = elsewhere()
    await this.signIn(this.email)
    await this.#send('set_password', { password })
    const { challenge, options } = await this.#ask('begin_adding_passkey', {})
    await this.#send('add_passkey', { challenge, answer: this.#authenticator.create(options, this.origin) })
    return this
  }

  /** Sets up an authenticator app. */
  async setUpTotp() {
    await this.#send('begin_totp', {})
    const html = await this.#page('/account/security/authenticator')
    this.#key = /<code[^>]*>([A-Z2-7 ]{16,})</.exec(html)[1]
    await this.#send('confirm_totp', { set_up: hidden(html, 'set_up'), code: authenticatorCode(this.#key) })
  }

  async byPasskey() {
    this.leave()
    const { challenge, options } = await this.#ask('begin_passkey_sign_in', {})
    await this.#send('redeem_passkey', { challenge, answer: this.#authenticator.get(options, this.origin) })
  }

  /** Sends the form of the password; where it leads. */
  async tryPassword(typed = password) {
    this.leave()
    const html = await this.#page('/login/password')
    return this.#send('redeem_password', { form: hidden(html, 'form'), proof: hidden(html, 'proof'), email: this.email, password: typed })
  }

  async byPassword() {
    const target = await this.tryPassword()
    assert.doesNotMatch(target, /\/login/)
  }

  /** Gets as far as the second factor. */
  async beginSecondFactor() {
    const target = await this.tryPassword()
    this.#waiting = new URL(target, this.origin).searchParams
    assert.match(target, /\/login\/two-step/)
  }

  /** Proves it, with the code that comes next: the one of now was used to set it up. */
  async bySecondFactor() {
    const target = await this.#send('redeem_second_factor', { id: this.#waiting.get('id'), code: authenticatorCode(this.#key, 1) })
    assert.doesNotMatch(target, /\/login/)
  }
}

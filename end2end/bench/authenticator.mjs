// An authenticator in software, as far as a load test needs one (WebAuthn Level 3, 6).
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const PRESENT_AND_VERIFIED = 0x05
const HAS_KEY = 0x40
const sha256 = (bytes) => createHash('sha256').update(bytes).digest()
const text = (bytes) => Buffer.from(bytes).toString('base64url')

function length(bytes) {
  const both = Buffer.alloc(2)
  both.writeUInt16BE(bytes.length)
  return both
}

/** One passkey and what holds it. */
export class Authenticator {
  #id = randomBytes(32)
  #pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  #user

  #data(rpId, flags) {
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), Buffer.alloc(4)])
  }

  #answer(response) {
    const parts = Object.fromEntries(Object.entries(response).map(([name, bytes]) => [name, text(bytes)]))
    return JSON.stringify({ id: text(this.#id), rawId: text(this.#id), type: 'public-key', response: parts, extensions: {} })
  }

  /** Makes the passkey that `options` ask for on a page of `origin`. */
  create(options, origin) {
    this.#user = Buffer.from(options.user.id, 'base64url')
    const { x, y } = this.#pair.publicKey.export({ format: 'jwk' })
    // A COSE key (RFC 9053 7.1.1): EC2, ES256, P-256, x, y.
    const key = ['a501020326200121', '5820', Buffer.from(x, 'base64url'), '225820', Buffer.from(y, 'base64url')]
    const data = Buffer.concat([
      this.#data(options.rp.id, PRESENT_AND_VERIFIED | HAS_KEY), Buffer.alloc(16), length(this.#id), this.#id,
      ...key.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : part)),
    ])
    const head = Buffer.from('\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59', 'latin1')
    return this.#answer({
      clientDataJSON: clientData('webauthn.create', options, origin), attestationObject: Buffer.concat([head, length(data), data]),
    })
  }

  /** Says who its person is to a page of `origin`. */
  get(options, origin) {
    const client = clientData('webauthn.get', options, origin)
    const data = this.#data(options.rpId, PRESENT_AND_VERIFIED)
    const signature = sign('sha256', Buffer.concat([data, sha256(client)]), this.#pair.privateKey)
    return this.#answer({ clientDataJSON: client, authenticatorData: data, signature, userHandle: this.#user })
  }
}

const clientData = (type, { challenge }, origin) => Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))

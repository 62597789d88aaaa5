// A person with a browser, as far as a load test needs one.
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
export const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
export const callback = 'https://bench.example/callback'

/** What a hidden field of a page holds. */
export const hidden = (html, name) => new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(html)?.[1] ?? new RegExp(`value="([^"]*)"[^>]*name="${name}"`).exec(html)[1]

/** Keeps cookies and follows nothing by itself. */
export class Browser {
  #jar = new Map()

  constructor(origin) {
    this.origin = origin
  }

  /** Drops the session, as a browser that was closed. */
  leave() {
    for (const name of this.#jar.keys()) if (name.endsWith('session')) this.#jar.delete(name)
  }

  get cookie() {
    return [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  async #ask(path, options = {}) {
    const url = path.startsWith('/') ? this.origin + path : path
    // Where it is, when a trusted proxy says so.
    const from = this.network ? { 'x-forwarded-for': this.network } : {}
    const answer = await fetch(url, { redirect: 'manual', ...options, headers: { cookie: this.cookie, origin: this.origin, ...from, ...options.headers } })
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split('=')
      if (value) this.#jar.set(name, value)
      else this.#jar.delete(name)
    }
    return answer
  }

  get(path) {
    return this.#ask(path)
  }

  post(path, fields, headers) {
    return this.#ask(path, { method: 'POST', body: new URLSearchParams(fields), headers })
  }
}

/** What an app asks for when it sends a browser to sign in. */
export const authorizeQuery = (client_id) =>
  new URLSearchParams({
    response_type: 'code', client_id, redirect_uri: callback, scope: 'openid email offline_access', state: 's', nonce: 'n',
    code_challenge: challenge, code_challenge_method: 'S256',
  })

/** What an app gets for the code that a browser came back with. */
export async function redeem(url, client_id, target) {
  const code = /[?&]code=([^&]+)/.exec(target)[1]
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'authorization_code', code, client_id, redirect_uri: callback, code_verifier: verifier }),
  })
  return answer.json()
}

/** Somebody who uses Rooiam. */
export class Visitor extends Browser {
  /** Signs in by the link of the mail in the development mailbox. */
  async signIn(email) {
    await this.post('/fn/request_magic_link', { email, slug: '', request: '' })
    for (let tries = 0; tries < 200; tries++) {
      const mailbox = await (await fetch(`${this.origin}/dev/mailbox`)).text()
      const mail = mailbox.split('<li class="mail">').slice(1).find((part) => part.includes(email) && part.includes('token='))
      const token = mail && /token=([\w-]+)/.exec(mail)[1]
      if (token) {
        await this.post('/fn/redeem_magic_link', { token })
        if (this.cookie.includes('session')) return this
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`${email} did not get in`)
  }

  /** Registers a public app and gives its identifier. */
  async registerApp(slug, alg) {
    const answer = await this.post('/fn/register_app', { slug, name: `Bench ${alg}`, client_type: 'public', redirect_uris: callback, id_token_alg: alg })
    return answer.headers.get('location').split('/').at(-1).split('?')[0]
  }

  /** The address that an app sends a browser to. */
  static authorizePath(slug, client_id) {
    return `/w/${slug}/oauth/authorize?${authorizeQuery(client_id)}`
  }

  /** Signs in at an app, allowing it what it asks for the first time. */
  async tokens(slug, client_id) {
    const begun = await this.get(Visitor.authorizePath(slug, client_id))
    let target = (await this.get(begun.headers.get('location'))).headers.get('location')
    if (target.includes('/consent')) {
      const html = await (await this.get(target)).text()
      const answer = await this.post(`/w/${slug}/decide`, { request: hidden(html, 'request'), shown_to: hidden(html, 'shown_to'), decision: 'allow' })
      target = answer.headers.get('location') ?? /https:\/\/bench\.example[^"']+/.exec(await answer.text())[0].replaceAll('&amp;', '&')
    }
    return redeem(`${this.origin}/w/${slug}/oauth/token`, client_id, target)
  }
}

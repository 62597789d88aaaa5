// Somebody who uses the peer.
import { Browser, authorizeQuery, callback, redeem } from '../visitor.mjs'

export class PeerVisitor extends Browser {
  /** The address that an app sends a browser to. */
  static authorizePath(client_id) {
    return `/auth?${authorizeQuery(client_id)}`
  }

  /** Goes where an app sends the browser and comes back with tokens. The first time signs in and allows. */
  async tokens(client_id) {
    let target = PeerVisitor.authorizePath(client_id)
    for (let steps = 0; !target.startsWith(callback); steps++) {
      const answer = await this.get(target)
      target = answer.headers.get('location')
      if (!target || steps === 5) throw new Error(`the peer answered ${answer.status}: ${await answer.text()}`)
    }
    return redeem(`${this.origin}/token`, client_id, target)
  }
}

// How a client's script speaks with the test.
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** Shows the authorization request and waits for the address that answers it. */
export async function converse(request) {
  console.log(request.href)
  const lines = createInterface({ input: process.stdin })
  const [line] = await once(lines, 'line')
  lines.close()
  return new URL(line)
}

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

type Received = { headers: IncomingHttpHeaders; body: Buffer }

/** How far the clock of a sender may be from ours, in seconds. */
const tolerance = 300

/** The reason why a request is not from the owner of the secret, or undefined if it is. */
export function signatureProblem(
  { headers, body }: Received,
  secret: string,
  now: number,
): string | undefined {
  return secret.startsWith('whsec_')
    ? standardProblem({ headers, body }, secret, now)
    : orqProblem({ headers, body }, secret)
}

/** The headers of Standard Webhooks. */
function standardProblem({ headers, body }: Received, secret: string, now: number) {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures } = headers
  if (typeof signatures !== 'string') return 'it has no signature'
  if (!(Math.abs(now / 1_000 - Number(time)) <= tolerance)) return 'its time is wrong'
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const wanted = createHmac('sha256', key)
    .update(`${String(id)}.${String(time)}.`)
    .update(body)
  const expected = `v1,${wanted.digest('base64')}`
  const found = signatures.split(' ').some((signature) => equal(signature, expected))
  return found ? undefined : 'its signature is of another secret or another body'
}

/** The header of orq, which does not sign the time. */
function orqProblem({ headers, body }: Received, secret: string): string | undefined {
  const { 'x-orq-signature': signature } = headers
  if (typeof signature !== 'string') return 'it has no signature'
  const expected = createHmac('sha256', secret).update(body).digest('hex')
  return equal(signature, expected)
    ? undefined
    : 'its signature is of another secret or another body'
}

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

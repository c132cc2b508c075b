import { setTimeout as sleep } from 'node:timers/promises'

/** The APIs that receive requests, and the key. */
export type Callers = {
  /** The APIs. Each request goes to one of them, chosen at random. */
  urls: string[]
  key: string
  signal: AbortSignal
}

/** How long a request may take before its client closes the connection and repeats it. */
const hangUp = 20_000

type Sent = {
  method: 'GET' | 'POST'
  /** The path from the root, or below the path of the agents. */
  path: string
  idempotencyKey?: string
  lastEventId?: number
  body?: object
  headers?: Record<string, string>
  /** The index of the API; one at random when undefined. */
  api?: number | undefined
}

/** Sends one request to a random API or to a given one. Rejects when there is no complete answer. */
export async function sendRequest(sent: Sent, { urls, key, signal }: Callers): Promise<Response> {
  const { method, path, idempotencyKey, lastEventId, body } = sent
  const api = sent.api ?? Math.floor(Math.random() * urls.length)
  const place = path.startsWith('/') ? path : `/v2/agents/${path}`
  const response = await fetch(`${urls[api % urls.length]}${place}`, {
    method,
    signal: AbortSignal.any([signal, AbortSignal.timeout(hangUp)]),
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      ...sent.headers,
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      ...(lastEventId !== undefined && { 'last-event-id': String(lastEventId) }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  // A connection that lost part of the request counts as one that lost the answer.
  if (response.status === 408) throw new Error('the request did not arrive as a whole')
  return response
}

/** Waits before a request is repeated; after the refusal of a limit, as long as it says. */
export async function pause(signal: AbortSignal, refusal?: Response): Promise<void> {
  const isOfLimit = refusal?.status === 429
  const asked = isOfLimit ? Number(refusal.headers.get('retry-after')) * 1_000 : 0
  await sleep(Math.max(asked, 200 + Math.random() * 400), undefined, { signal }).catch(() => {})
}

/**
 * Whether a reply is a temporary refusal. A failed turn may have the 429 of its vendor, but a limit alone says in
 * milliseconds when to try again.
 */
export function isRefusal({ status, headers }: Response): boolean {
  return status === 503 || (status === 429 && headers.has('retry-after-ms'))
}

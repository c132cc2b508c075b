import { setTimeout as sleep } from 'node:timers/promises'

/** Where requests go, and with which key. */
export type Callers = {
  /** The APIs; each request goes to any of them. */
  urls: string[]
  key: string
  signal: AbortSignal
}

/** How long a request may take before its client hangs up and repeats it. */
const hangUp = 20_000

type Sent = {
  method: 'GET' | 'POST'
  /** From the root, or below that of the agents. */
  path: string
  idempotencyKey?: string
  lastEventId?: number
  body?: object
  /** Which of the APIs is asked; any of them when undefined. */
  api?: number | undefined
}

/** One request to any of the APIs, or to a given one. Rejects when there is no answer to the whole of it. */
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
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      ...(lastEventId !== undefined && { 'last-event-id': String(lastEventId) }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  // A line that lost some of it is as one that lost the answer.
  if (response.status === 408) throw new Error('the request did not arrive as a whole')
  return response
}

/** Before a request is repeated. */
export async function pause(signal: AbortSignal): Promise<void> {
  await sleep(200 + Math.random() * 400, undefined, { signal }).catch(() => {})
}

/** Whether a reply says no for the time being. */
export function isRefusal({ status }: Response): boolean {
  return status === 503
}

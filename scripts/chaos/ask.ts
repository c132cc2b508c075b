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
  /** Below that of the agents. */
  path: string
  idempotencyKey?: string
  body?: object
  /** Which of the APIs is asked; any of them when undefined. */
  api?: number | undefined
}

/** One request to any of the APIs, or to a given one. */
export async function ask(sent: Sent, { urls, key, signal }: Callers): Promise<Response> {
  const { method, path, idempotencyKey, body } = sent
  const api = sent.api ?? Math.floor(Math.random() * urls.length)
  return await fetch(`${urls[api % urls.length]}/v2/agents/${path}`, {
    method,
    signal: AbortSignal.any([signal, AbortSignal.timeout(hangUp)]),
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
}

/** Before a request is repeated. */
export async function pause(signal: AbortSignal): Promise<void> {
  await sleep(200 + Math.random() * 400, undefined, { signal }).catch(() => {})
}

/** Whether a reply says no for the time being. */
export function isRefusal({ status }: Response): boolean {
  return status === 503
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { ChaosEndpoint } from './create-endpoints.ts'
import type { ReceivedEvent } from './event-receiver.ts'
import type { ExpectedEvent } from './expected-events.ts'

/** How long events may take when all faults and turns are over: an attempt that nobody has recorded, and one that hangs. */
const mostMs = 90_000
/** A delivery that waits for longer has failed twice. It is sent at once. */
const patienceMs = 35_000
const lookMs = 2_000

type Options = {
  url: string
  endpoints: ChaosEndpoint[]
  received: readonly ReceivedEvent[]
  /** Whether events of ends were lost, and must be recovered. */
  recovers: boolean
  ms?: number
}

/** Waits until all events have arrived, for a bounded time. */
export async function awaitEvents(
  expected: ExpectedEvent[],
  { url, endpoints, received, recovers, ms = mostMs }: Options,
): Promise<void> {
  const deadline = Date.now() + ms
  let lookAt = Date.now() + lookMs
  if (recovers) await Promise.all(endpoints.map((endpoint) => recoverMissing(url, endpoint)))
  for (;;) {
    const taken = new Set(received.filter(({ isTaken }) => isTaken).map(nameOf))
    if (expected.every((each) => taken.has(nameOf(each))) || Date.now() >= deadline) return
    if (Date.now() >= lookAt) {
      await Promise.all(endpoints.map((endpoint) => hurry(url, endpoint)))
      lookAt = Date.now() + lookMs
    }
    await sleep(100)
  }
}

/** The name of an event: whatever its id, there is one for a fact and an endpoint. */
export function nameOf({
  workspace,
  responseId,
  pos,
}: Pick<ReceivedEvent, 'workspace' | 'responseId' | 'pos'>): string {
  return `${workspace} ${responseId} ${pos}`
}

type Waiting = { id: string; next_attempt_at?: string }

/** Sends deliveries at once whose next attempt would come much later. */
async function hurry(url: string, { id, key }: ChaosEndpoint): Promise<void> {
  const path = `${url}/v1/webhook_endpoints/${id}/deliveries`
  const page = await call<{ data: Waiting[] }>('GET', `${path}?status=pending&limit=100`, { key })
  for (const { id: delivery, next_attempt_at: next } of page.data) {
    // One without a time is lost: it must not be saved in this way.
    if (next === undefined || Date.parse(next) < Date.now() + patienceMs) continue
    await call('POST', `${path}/${delivery}/redeliver`, { key })
  }
}

async function recoverMissing(url: string, { id, key }: ChaosEndpoint): Promise<void> {
  const path = `${url}/v1/webhook_endpoints/${id}/recover`
  const range = { since: '2020-01-01T00:00:00Z', include: 'missing' }
  for (let after: string | null | undefined; ;) {
    const body = { ...range, ...(after != null && { starting_after: after }) }
    const page = await call<{ has_more: boolean; last_id: string | null }>('POST', path, {
      key,
      body,
    })
    after = page.last_id
    if (!page.has_more) return
  }
}

async function call<T>(
  method: string,
  url: string,
  { key, body }: { key: string; body?: object },
): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const reply = await response.text()
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${reply}`)
  return JSON.parse(reply) as T
}

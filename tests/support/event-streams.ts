import { readEvents, type Cluster, type StreamEvent } from '@longhaul/testbed'
import { expect } from 'vitest'

/** The content of a stream: its events, and whether it had the end marker. */
export type Watched = { status: number; events: StreamEvent[]; done: boolean }

type Watch = {
  url: string
  /** The path of the task's stream, with its query. */
  path: string
  lastEventId?: number | string
  /** The client disconnects after this number of events. */
  events?: number
}

/** Watches a task with a key, to the end of the stream. */
export async function watch(
  { key }: Pick<Cluster, 'key'>,
  { url, path, lastEventId, events: most = Infinity }: Watch,
): Promise<Watched> {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(lastEventId !== undefined && { 'last-event-id': String(lastEventId) }),
  }
  const response = await fetch(url + path, { headers })
  return { status: response.status, ...(await eventsOf(response, { most })) }
}

/** Reads the first events of a reply, and reports each when it arrives. */
export async function eventsOf(
  response: Response,
  { most = Infinity, each }: { most?: number; each?: (event: StreamEvent) => void } = {},
): Promise<Omit<Watched, 'status'>> {
  const events: StreamEvent[] = []
  for await (const event of readEvents(response)) {
    if (event === 'done') return { events, done: true }
    events.push(event)
    each?.(event)
    if (events.length >= most) break
  }
  return { events, done: false }
}

/** Submits a turn in the background and returns the task's id. */
export async function begin(cluster: Cluster, path: string, turn: object): Promise<string> {
  const { status, body } = await cluster.call('POST', path, { background: true, ...turn })
  expect([status, body]).toMatchObject([200, {}])
  return String(body['task_id'])
}

/** Submits a turn and reads its stream to the end. `begun` receives the task's id. */
export async function streamed(
  cluster: Cluster,
  path: string,
  turn: object,
  begun: (task: string) => void = () => {},
): Promise<Watched> {
  const response = await fetch(cluster.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${cluster.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ stream: true, ...turn }),
  })
  const { status } = response
  return { status, ...(await eventsOf(response, { each: ({ data }) => tell(data['taskId']) })) }

  function tell(task: unknown): void {
    if (typeof task === 'string') begun(task)
  }
}

export function idsOf(events: StreamEvent[]): number[] {
  return events.map(({ id }) => id)
}

export function typesOf(events: StreamEvent[]): string[] {
  return events.map(({ type }) => type)
}

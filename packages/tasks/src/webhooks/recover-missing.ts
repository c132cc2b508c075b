import {
  type Deliveries,
  type DeliveryQueue,
  eventId,
  eventOf,
  type Fact,
  hasEnded,
  limits,
  matchesEvent,
  type NotedEvent,
  responseId,
  type StoredWebhook,
  type TaskStore,
  type TaskView,
} from '@longhaul/core'

const { examined, perSecond } = limits.webhooks

export type MissingPorts = {
  store: Pick<TaskStore, 'list' | 'turns' | 'cursorAfter' | 'readableFacts'>
  deliveries: Pick<Deliveries, 'lacks'>
  deliveryQueue: Pick<DeliveryQueue, 'noteAgain'>
}

/** The facts of a time. `after` is the last task of the page before. */
export type MissingRange = { since: number; until: number; after?: string | undefined }

export type Recovered = { recovered: number; more: boolean; last?: string | undefined }

/**
 * Notes the events again of which an endpoint has no delivery: ends of turns, and calls that wait for an approval. It
 * has none of what happened while it was disabled, or while workers ran that noted no events. Examines a page of the
 * tasks of the workspace, the newest first.
 */
export async function recoverMissing(
  { workspace, webhook }: { workspace: string; webhook: StoredWebhook },
  { since, until, after }: MissingRange,
  { store, deliveries, deliveryQueue }: MissingPorts,
): Promise<Recovered> {
  const query = { workspace, labels: [], began: { to: until }, byMetadata: false, fits: () => true }
  // An endpoint gets nothing that is older than itself.
  const from = Math.max(since, webhook.createdAt)
  let [recovered, seen, last, more] = [0, 0, after, true]
  while (more && seen < examined) {
    const page = await store.list(query, { limit: limits.listPage, after: last })
    for (const task of page.items) {
      const inTime = (await eventsOf(task, store)).filter(
        ({ fact }) => fact.at >= from && fact.at <= until,
      )
      const wanted = await Promise.all(inTime.map((found) => isWanted(found, task, webhook, store)))
      const events = inTime.filter((_, at) => wanted[at])
      const ids = events.map(({ event: { taskId, turn, pos } }) =>
        eventId({ response: responseId(taskId, turn), pos }, webhook.id),
      )
      const lacks = await deliveries.lacks(workspace, ids)
      const missing = events.flatMap(({ event }, at) =>
        lacks[at] === true ? { ...event, only: webhook.id } : [],
      )
      // Paced: new events keep a part of the rate.
      const everyMs = 2_000 / perSecond
      await deliveryQueue.noteAgain(missing, { afterMs: recovered * everyMs, everyMs })
      recovered += missing.length
    }
    seen += page.items.length
    last = page.last ?? page.items.at(-1)?.taskId ?? last
    more = page.more
  }
  return { recovered, more, last }
}

/** `begin` is the number of the first fact of its turn. */
type Found = { event: NotedEvent; fact: Fact; begin: number }

/** Whether an endpoint wants an event: by its type, or because the request of the turn has named the endpoint. */
async function isWanted(
  { event: { turn }, fact, begin }: Found,
  { taskId, turn: latest, started }: TaskView,
  { id, events }: StoredWebhook,
  store: MissingPorts['store'],
): Promise<boolean> {
  const type = eventOf(fact)?.type
  if (type === undefined) return false
  if (matchesEvent(events, type)) return true
  if (turn === latest) return started.webhook === id
  const [first] = await store.readableFacts(taskId, begin, begin)
  return first?.type === 'turn.started' && first.webhook === id
}

/** The ends of the visible turns of a task, and the call for which its latest turn waits. */
async function eventsOf(task: TaskView, store: MissingPorts['store']): Promise<Found[]> {
  const { taskId, hidden = [], started, turn: latest } = task
  const isChild = started.isChild === true
  const turns = await store.turns(taskId)
  const end = await store.cursorAfter(taskId, started.pos)
  if (end === undefined) return []
  const found: Found[] = []
  for (const [at, { turn, fact: begin }] of turns.entries()) {
    const next = turns[at + 1]?.fact ?? end.length
    const isLive = turn === latest && !hasEnded(task.status)
    if (hidden.includes(turn) || (isLive ? task.status !== 'parked' : isChild)) continue
    const facts = await store.readableFacts(taskId, isLive ? begin : next - 1, next - 1)
    for (const [number, fact] of facts.entries()) {
      if (isLive && fact.type !== 'review.requested') continue
      // Calls that wait together have one event, that of the last.
      if (isLive && facts[number + 1]?.type === 'review.requested') continue
      const position = (isLive ? begin : next - 1) + number
      found.push({ event: { taskId, turn, pos: fact.pos, fact: position }, fact, begin })
    }
  }
  return found
}

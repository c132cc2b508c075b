import {
  type Deliveries,
  type Delivery,
  eventId,
  eventOf,
  invalid,
  responseId,
  type TaskStore,
  type TaskView,
  type Webhook,
  webhookOfUrl,
  type Webhooks,
} from '@longhaul/core'
import { visiblePages } from '../find/visible-pages.ts'

export type TaskDeliveryPorts = {
  store: Pick<TaskStore, 'read'>
  webhooks: Pick<Webhooks, 'list'>
  deliveries: Pick<Deliveries, 'lacks' | 'get'>
}

/** A delivery, and the endpoint or the address that receives it. */
export type TaskDelivery = { delivery: Delivery; webhook: Pick<Webhook, 'name' | 'url'> }

type Page = { after?: string | undefined; limit: number }
type Found = { items: TaskDelivery[]; more: boolean; last?: string | undefined }

/** How many ids are looked up at once, and at most for one page. */
const [atOnce, most] = [100, 10_000]

/**
 * The deliveries of the events of a task, the newest event first. No index is needed: the id of a delivery is made of the
 * response, the `pos` and the endpoint, so it is looked up. `last` is where the next page continues.
 */
export async function deliveriesOfTask(
  { taskId, workspace }: TaskView,
  { after, limit }: Page,
  { store, webhooks, deliveries }: TaskDeliveryPorts,
): Promise<Found> {
  const { events, addresses } = await eventsOf(taskId, store)
  const all = await webhooks.list(workspace)
  const receivers = [...all, ...[...addresses].map((url) => webhookOfUrl(url, 0))]
  const possible = events
    .flatMap((event) => possibleDeliveries(event, receivers))
    .toSorted(byNewest)
  const rest = after === undefined ? possible : possible.filter(isAfter(after))
  const items: TaskDelivery[] = []
  for (let from = 0; from < rest.length; from += atOnce) {
    const some = rest.slice(from, from + atOnce)
    const lacks = await deliveries.lacks(
      workspace,
      some.map(({ id }) => id),
    )
    const known = some.filter((_, at) => lacks[at] === false)
    const found = await Promise.all(
      known.map(async ({ id, webhook }) => ({
        webhook,
        delivery: await deliveries.get(workspace, webhook.id, id),
      })),
    )
    items.push(
      ...found.flatMap(({ delivery, webhook }) => (delivery ? [{ delivery, webhook }] : [])),
    )
    if (items.length > limit) {
      const page = items.slice(0, limit)
      return { items: page, more: true, last: page.at(-1)?.delivery.id }
    }
    if (from + atOnce >= most)
      return { items, more: from + atOnce < rest.length, last: some.at(-1)?.id }
  }
  return { items, more: false, last: items.at(-1)?.delivery.id }
}

type TaskEvent = { response: string; pos: number; at: number }

/** What endpoints may have been notified of, and the addresses that only requests have named. */
async function eventsOf(taskId: string, store: TaskDeliveryPorts['store']) {
  const events: TaskEvent[] = []
  const addresses = new Set<string>()
  let turn = 1
  for await (const page of visiblePages(taskId, store)) {
    for (const fact of page) {
      if (fact.type === 'turn.started') {
        turn = fact.turn
        if (fact.webhook?.includes('://') === true) addresses.add(fact.webhook)
      }
      if (eventOf(fact) === undefined) continue
      events.push({ response: responseId(taskId, turn), pos: fact.pos, at: fact.at })
    }
  }
  return { events, addresses }
}

type Possible = { id: string; pos: number; webhook: Webhook }

/** An endpoint receives nothing that is older than itself. */
function possibleDeliveries(event: TaskEvent, receivers: Webhook[]): Possible[] {
  return receivers
    .filter(({ createdAt }) => createdAt <= event.at)
    .map((webhook) => ({ id: eventId(event, webhook.id), pos: event.pos, webhook }))
}

function byNewest(a: Pick<Possible, 'id' | 'pos'>, b: Pick<Possible, 'id' | 'pos'>): number {
  return b.pos - a.pos || (a.id < b.id ? -1 : 1)
}

function isAfter(id: string): (possible: Possible) => boolean {
  const pos = /^evt_\w+_(\d{1,15})_[0-9a-f]{12}$/.exec(id)?.[1]
  if (pos === undefined) {
    throw invalid('starting_after', 'must be the last_id of a page of deliveries of the task')
  }
  return (possible) => possible.id !== id && byNewest({ id, pos: Number(pos) }, possible) < 0
}

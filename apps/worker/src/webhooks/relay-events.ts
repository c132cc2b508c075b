import {
  type DeliveryQueue,
  eventBody,
  eventId,
  type EventType,
  eventOf,
  limits,
  matchesEvent,
  type NotedEvent,
  receives,
  responseEventBody,
  responseId,
  type ShardEvent,
  type StoredWebhook,
  type TaskStore,
  type Webhook,
  webhookOfUrl,
  type Webhooks,
  type WorkspaceEvent,
  type WorkspaceEvents,
} from '@longhaul/core'
import type { Pass } from '../maintenance/run-chores.ts'
import { resultAt, startOf } from './read-turn.ts'

export type RelayDeps = {
  store: Pick<TaskStore, 'view' | 'turns' | 'readableFacts'>
  webhooks: Pick<Webhooks, 'list'>
  deliveryQueue: DeliveryQueue
  workspaceEvents: Pick<WorkspaceEvents, 'take' | 'done' | 'leave'>
  /** The key of an agent. */
  agentKey: (workspace: string, agentId: string) => Promise<string | undefined>
  shards: number
}

const { batch, again } = limits.webhooks

/**
 * Puts a delivery for each endpoint that wants a noted event, and then removes the event. If this process dies before,
 * another one does it again, with the same ids. Resolves with the milliseconds until an endpoint is due.
 */
export function relayEvents(deps: RelayDeps) {
  const { deliveryQueue, shards } = deps
  let hasSpread = false
  return async (pass: Pass): Promise<number> => {
    if (!(await deliveryQueue.hasListeners())) return Infinity
    if (!hasSpread) await deliveryQueue.spreadListeners()
    hasSpread = true
    let isMoreLeft = false
    for (let shard = 0; shard < shards && !pass.signal.aborted; shard += 1) {
      const events = await deliveryQueue.takeEvents(shard, again, batch)
      const { turns, others } = events
      if (turns.length + others.length === batch) isMoreLeft = true
      const all =
        turns.length + others.length === 0 ? deps : { ...deps, webhooks: listedOnce(deps.webhooks) }
      // One that fails is taken again, and does not stop the others.
      const relayed = [
        ...turns.map((event) => ({ event, done: relay(event, all) })),
        ...others.map((event) => ({ event: event.event, done: relayOfShard(event, all) })),
      ]
      await Promise.all(
        relayed.map(({ event, done }) =>
          done.catch((error: unknown) => pass.failed(error, { shard, event })),
        ),
      )
    }
    await relayWorkspaceEvents(pass, deps)
    const dueMs = await deliveryQueue.offerDue()
    return isMoreLeft ? 0 : dueMs
  }
}

/** Lists the endpoints of each workspace once: after the events were taken, so that none of theirs is missing. */
function listedOnce({ list }: RelayDeps['webhooks']): RelayDeps['webhooks'] {
  const lists = new Map<string, ReturnType<typeof list>>()
  return {
    list(workspace) {
      const listed = lists.get(workspace) ?? list(workspace)
      lists.set(workspace, listed)
      return listed
    },
  }
}

async function relayWorkspaceEvents({ failed }: Pass, deps: RelayDeps): Promise<void> {
  const { workspaceEvents } = deps
  for (const { workspace, events } of await workspaceEvents.take()) {
    for (const taken of events) {
      await relayToEndpoints(workspace, taken.event, deps)
        .then(() => workspaceEvents.done(workspace, taken))
        .catch((error: unknown) => failed(error, { workspace, event: taken.event.type }))
    }
    await workspaceEvents.leave(workspace)
  }
}

async function relay(event: NotedEvent, deps: RelayDeps): Promise<void> {
  const { store, webhooks, deliveryQueue, agentKey } = deps
  const { taskId, turn, pos } = event
  const view = await store.view(taskId)
  const isHidden = view?.hidden?.includes(turn) === true
  const [fact] = view && !isHidden ? await store.readableFacts(taskId, event.fact, event.fact) : []
  const meaning = fact && eventOf(fact)
  if (view !== undefined && fact !== undefined && meaning !== undefined) {
    const { workspace } = view
    const started = await startOf(view, turn, store)
    // The caller does not know the tasks of sub-agents, but must approve their calls.
    const isTold = started.isChild !== true || fact.type === 'review.requested'
    const all = isTold ? await webhooks.list(workspace) : []
    const wanted = targetsOf(all, {
      type: meaning.type,
      at: fact.at,
      named: started.webhook,
    }).filter(({ webhook }) => event.only === undefined || webhook.id === event.only)
    if (isTold && wanted.length > 0) {
      const agent = (await agentKey(workspace, view.agentId)) ?? view.agentId
      // It may have to be folded from the log.
      const needsResult =
        fact.type === 'turn.failed' || wanted.some(({ webhook }) => webhook.includesOutput)
      const result = needsResult ? await resultAt(fact, event, view, store) : undefined
      const usage = fact.type === 'turn.completed' ? fact.usage : result?.usage
      for (const { webhook, isNamed } of wanted) {
        const id = eventId({ response: responseId(taskId, turn), pos }, webhook.id)
        const output = webhook.includesOutput === true ? result?.text : undefined
        const metadata = view.notes
        const body = responseEventBody(id, event, fact, { agent, metadata, usage, output })
        const served = { workspace, webhookId: webhook.id }
        const delivery = { id, type: meaning.type, body }
        await deliveryQueue.put(served, delivery, isNamed ? webhook : undefined)
      }
    }
  }
  await deliveryQueue.eventDone(event)
}

/** Relays an event of a schedule. Its script knows the agent only by its id. */
async function relayOfShard(noted: ShardEvent, deps: RelayDeps): Promise<void> {
  const { workspace, event } = noted
  const { agent: id } = event.data
  const agent = typeof id === 'string' ? ((await deps.agentKey(workspace, id)) ?? id) : id
  await relayToEndpoints(workspace, { ...event, data: { ...event.data, agent } }, deps)
  await deps.deliveryQueue.eventDone(noted)
}

type Wanted = { type: EventType; at: number; named: string | undefined }

/** The endpoints that receive an event: those that want its type, and the one that the request has named. */
function targetsOf(
  all: StoredWebhook[],
  { type, at, named }: Wanted,
): { webhook: Webhook; isNamed: boolean }[] {
  const isNamed = ({ id }: Webhook) => id === named && type !== 'response.started'
  const targets = all
    .filter((each) => receives(each) && each.createdAt <= at)
    .filter((each) => isNamed(each) || matchesEvent(each.events, type))
    .map((webhook) => ({ webhook, isNamed: false }))
  if (named === undefined || !named.includes('://') || type === 'response.started') return targets
  return [...targets, { webhook: webhookOfUrl(named, at), isNamed: true }]
}

/** Puts a delivery of an event outside of a task for each endpoint that wants it. */
async function relayToEndpoints(
  workspace: string,
  { type, subject, at, data }: WorkspaceEvent,
  { webhooks, deliveryQueue }: RelayDeps,
): Promise<void> {
  for (const webhook of await webhooks.list(workspace)) {
    if (!receives(webhook) || webhook.createdAt > at || !matchesEvent(webhook.events, type))
      continue
    const id = eventId({ response: subject, pos: 0 }, webhook.id)
    const body = eventBody(id, type, at, data)
    await deliveryQueue.put({ workspace, webhookId: webhook.id }, { id, type, body })
  }
}

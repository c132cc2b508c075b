import {
  type DeliveryQueue,
  disabledEvent,
  jobId,
  limits,
  type NotedEvent,
  NotedInShard,
  parseResponseId,
  receives,
  type ServedEndpoint,
  shardOf,
  type WebhookDisabled,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { deliveryKeys, shardKeys, workspaceKeys } from '../connection/keys.ts'
import { createTime } from '../connection/redis-time.ts'
import { guarded } from '../connection/unavailable.ts'
import { toStored } from '../log/to-stored.ts'
import { runScript } from '../lua/run-script.ts'
import { takeDueScript } from '../lua/task/take-due.ts'
import { beginAttemptsScript } from '../lua/webhooks/begin-attempts.ts'
import { putDeliveryScript } from '../lua/webhooks/put-delivery.ts'
import { recordAttemptScript } from '../lua/webhooks/record-attempt.ts'
import { createEndpointQueue } from './endpoint-queue.ts'
import { createListeners } from './listeners.ts'
import { readWebhook, storedWebhook } from './webhooks.ts'
import { tellNoted } from './workspace-events.ts'

type Options = {
  shards: number
  clock?: () => number
  bounds?: { kept: number; failing: number; lease: number; perSecond: number; atOnce: number }
}

/** The way of an event: from the shard of its task to the deliveries of its workspace, and to the workers that send it. */
export function createDeliveryQueue(
  redis: Redis,
  { shards, clock, bounds = limits.webhooks }: Options,
): DeliveryQueue {
  const clockTime = (): number | '' => clock?.() ?? ''
  const time = createTime(redis, { clock })
  const listeners = createListeners(redis, { shards })
  const endpoints = createEndpointQueue(redis, { clockTime })

  return {
    ...endpoints,

    async takeEvents(shard, againMs, limit) {
      const values = { clockTime: clockTime(), againMs, limit }
      const call = takeDueScript.call({ set: shardKeys(shard).events }, values)
      const noted = await runScript(redis, call)
      return {
        turns: noted.flatMap((text) => notedTurn(text) ?? []),
        others: noted
          .filter((text) => text.startsWith('{'))
          .map((text) => ({ shard, text, ...NotedInShard.parse(JSON.parse(text)) })),
      }
    },

    async eventDone(event) {
      const isTurn = 'taskId' in event
      const { events } = shardKeys(isTurn ? shardOf(event.taskId) : event.shard)
      await guarded(() => redis.zrem(events, isTurn ? notedText(event) : event.text))
    },

    async noteAgain(again, { afterMs, everyMs }) {
      if (again.length === 0) return
      const now = await time()
      const noted = again.map((event, at) => {
        const { events } = shardKeys(shardOf(event.taskId))
        return guarded(() =>
          redis.zadd(events, 'NX', now + afterMs + at * everyMs, notedText(event)),
        )
      })
      await Promise.all(noted)
    },

    async put(served, { id, type: eventType, body }, named) {
      const { workspace, webhookId } = served
      const keys = workspaceKeys(workspace)
      const call = putDeliveryScript.call(
        {
          delivery: keys.delivery(id),
          webhook: keys.webhook(webhookId),
          waiting: keys.waiting(webhookId),
          deliveries: keys.deliveries(webhookId),
        },
        {
          clockTime: clockTime(),
          id,
          webhookId,
          eventType,
          body,
          json: named === undefined ? '' : toStored(named),
          keptMs: bounds.kept,
        },
      )
      const outcome = await runScript(redis, call)
      // One that is known may not have been noted: the process may have died in between.
      if (outcome !== 'gone') await endpoints.noteEndpoint(served)
    },

    async begin({ workspace, webhookId }, limit) {
      const keys = workspaceKeys(workspace)
      const call = beginAttemptsScript.call(
        { webhook: keys.webhook(webhookId), waiting: keys.waiting(webhookId) },
        {
          clockTime: clockTime(),
          limit,
          perSecond: bounds.perSecond,
          burst: bounds.atOnce,
          leaseMs: bounds.lease,
        },
      )
      const { fields, begun, nextMs } = await runScript(redis, call)
      const webhook = storedWebhook(fields)
      return { ...(webhook && { webhook }), begun, nextMs }
    },

    async record({ workspace, webhookId }, { id, attempt }, entry, result, webhook) {
      const keys = workspaceKeys(workspace)
      const eventOf = (reason: WebhookDisabled) =>
        toStored(disabledEvent(webhook, { reason, at: entry.at }))
      const call = recordAttemptScript.call(
        {
          delivery: keys.delivery(id),
          webhook: keys.webhook(webhookId),
          waiting: keys.waiting(webhookId),
          webhooks: keys.webhooks,
          events: keys.events,
        },
        {
          clockTime: clockTime(),
          id,
          attempt,
          entry: toStored(entry),
          outcome: result.outcome,
          afterMs: result.outcome === 'retry' ? result.afterMs : 0,
          failingMs: bounds.failing,
          goneEvent: eventOf('gone'),
          failingEvent: eventOf('failing'),
        },
      )
      const outcome = await runScript(redis, call)
      if (outcome !== 'gone' && outcome !== 'failing') return undefined
      await tellNoted(redis, workspace)
      return outcome
    },

    async findLost() {
      const { sweptEndpoints } = deliveryKeys()
      const { sweep } = limits.webhooks
      const isTurn = await guarded(() => redis.set(sweptEndpoints, '1', 'PX', sweep, 'NX'))
      if (isTurn === null) return
      for (const workspace of await listeners.workspaces()) {
        const { webhooks } = workspaceKeys(workspace)
        const ids = await guarded(() => redis.zrange(webhooks, '0', '-1'))
        for (const webhookId of ids) {
          const endpoint = { workspace, webhookId }
          if (await isLost(redis, endpoint)) await endpoints.noteEndpoint(endpoint)
        }
      }
    },

    spreadListeners: listeners.spread,
    hasListeners: listeners.hasSome,
  }
}

/** Whether an endpoint has deliveries to send, and no worker will look for them. */
async function isLost(redis: Redis, { workspace, webhookId }: ServedEndpoint): Promise<boolean> {
  const { dueEndpoints, served } = deliveryKeys()
  const name = `${workspace} ${webhookId}`
  const [waiting, due, servedTo] = await guarded(() =>
    Promise.all([
      redis.zcard(workspaceKeys(workspace).waiting(webhookId)),
      redis.zscore(dueEndpoints, name),
      redis.zscore(served, name),
    ]),
  )
  if (waiting === 0 || due !== null || servedTo !== null) return false
  const webhook = await readWebhook(redis, workspace, webhookId)
  return webhook !== undefined && receives(webhook)
}

function notedTurn(text: string): NotedEvent | undefined {
  const [job = '', pos, fact, only] = text.split(' ')
  const turn = parseResponseId(job.replace(/\.\d+$/, ''))
  if (turn === undefined) return undefined
  return { ...turn, pos: Number(pos), fact: Number(fact), ...(only !== undefined && { only }) }
}

/** A noted event of a turn as it is stored. */
function notedText({ taskId, turn, pos, fact, only }: NotedEvent): string {
  const text = `${jobId(taskId, turn)} ${pos} ${fact}`
  return only === undefined ? text : `${text} ${only}`
}

import {
  type Delivery,
  type Deliveries,
  DeliveryAttempt,
  DeliveryStatus,
  limits,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { workspaceKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'
import { runScript } from '../lua/run-script.ts'
import { redeliverScript } from '../lua/webhooks/redeliver.ts'
import { createEndpointQueue } from './endpoint-queue.ts'

type Options = { clock?: () => number; kept?: number }

/** How many deliveries are examined at once. */
const examined = 100

/** The deliveries of endpoints, in Redis: a hash for each, for as long as it is kept. */
export function createDeliveries(
  redis: Redis,
  { clock, kept = limits.webhooks.kept }: Options = {},
): Deliveries {
  const clockTime = (): number | '' => clock?.() ?? ''
  const endpoints = createEndpointQueue(redis, { clockTime })

  async function get(workspace: string, webhookId: string, id: string) {
    const keys = workspaceKeys(workspace)
    const [stored, nextAt] = await guarded(() =>
      Promise.all([redis.hgetall(keys.delivery(id)), redis.zscore(keys.waiting(webhookId), id)]),
    )
    if (stored['webhook'] !== webhookId) return undefined
    return storedDelivery(id, stored, nextAt)
  }

  async function redeliver(
    workspace: string,
    webhookId: string,
    { id, onlyFailed, afterMs }: { id: string; onlyFailed: boolean; afterMs: number },
  ) {
    const keys = workspaceKeys(workspace)
    const call = redeliverScript.call(
      {
        delivery: keys.delivery(id),
        webhook: keys.webhook(webhookId),
        waiting: keys.waiting(webhookId),
      },
      { clockTime: clockTime(), id, webhookId, onlyFailed, afterMs, keptMs: kept },
    )
    return await runScript(redis, call)
  }

  return {
    get,

    async lacks(workspace, ids) {
      const keys = workspaceKeys(workspace)
      const found = await guarded(() =>
        Promise.all(ids.map((id) => redis.exists(keys.delivery(id)))),
      )
      return found.map((number) => number === 0)
    },

    async list(workspace, webhookId, { status, type, since, after, limit }) {
      const index = workspaceKeys(workspace).deliveries(webhookId)
      const fits = (delivery: Delivery) =>
        (status === undefined || delivery.status === status) &&
        (type === undefined || delivery.type === type)
      const items: Delivery[] = []
      let from = after === undefined ? 0 : await placeAfter(redis, index, after)
      const lowest = String(since ?? '-inf')
      for (;;) {
        const ids = await guarded(() =>
          redis.zrevrangebyscore(index, '+inf', lowest, 'LIMIT', from, examined),
        )
        const found = await Promise.all(ids.map((id) => get(workspace, webhookId, id)))
        items.push(...found.flatMap((each) => (each !== undefined && fits(each) ? each : [])))
        if (items.length > limit) return { items: items.slice(0, limit), more: true }
        if (ids.length < examined) return { items, more: false }
        from += examined
      }
    },

    async redeliver(workspace, webhookId, id) {
      const outcome = await redeliver(workspace, webhookId, { id, onlyFailed: false, afterMs: 0 })
      if (outcome === 'pending') await endpoints.noteEndpoint({ workspace, webhookId })
      return outcome === 'unchanged' ? 'pending' : outcome
    },

    async recover(workspace, webhookId, { since, until }) {
      const index = workspaceKeys(workspace).deliveries(webhookId)
      const { perSecond, recovered: most } = limits.webhooks
      let recovered = 0
      for (let from = 0; recovered < most; from += examined) {
        const ids = await guarded(() =>
          redis.zrangebyscore(index, since, until, 'LIMIT', from, examined),
        )
        for (const id of ids) {
          // Paced: new events keep a part of the rate.
          const afterMs = Math.round((recovered * 2_000) / perSecond)
          const outcome = await redeliver(workspace, webhookId, { id, onlyFailed: true, afterMs })
          if (outcome === 'pending') recovered += 1
        }
        if (ids.length < examined) break
      }
      // Always: the process of an earlier request may have died before it did this.
      await endpoints.noteEndpoint({ workspace, webhookId })
      return recovered
    },
  }
}

async function placeAfter(redis: Redis, index: string, id: string): Promise<number> {
  const rank = await guarded(() => redis.zrevrank(index, id))
  return rank === null ? 0 : rank + 1
}

/** Removes all deliveries of an endpoint that was removed. */
export async function removeDeliveries(
  redis: Redis,
  workspace: string,
  webhookId: string,
): Promise<void> {
  const keys = workspaceKeys(workspace)
  const index = keys.deliveries(webhookId)
  for (;;) {
    const ids = await guarded(() => redis.zrange(index, 0, String(examined - 1)))
    if (ids.length === 0) break
    await guarded(() => redis.unlink(...ids.map((id) => keys.delivery(id))))
    await guarded(() => redis.zrem(index, ...ids))
  }
  await guarded(() => redis.unlink(keys.waiting(webhookId)))
}

function storedDelivery(
  id: string,
  stored: Record<string, string>,
  nextAt: string | null,
): Delivery {
  const attempts = Object.entries(stored)
    .flatMap(([name, value]) => {
      const [, number] = /^attempt:(\d+)$/.exec(name) ?? []
      return number === undefined ? [] : [{ number: Number(number), value }]
    })
    .toSorted((a, b) => a.number - b.number)
    .map(({ value }) => DeliveryAttempt.parse(JSON.parse(value)))
  return {
    id,
    webhookId: stored['webhook'] ?? '',
    type: stored['type'] ?? '',
    body: stored['body'] ?? '',
    createdAt: Number(stored['created']),
    status: DeliveryStatus.parse(stored['status']),
    ...(nextAt !== null && { nextAt: Number(nextAt) }),
    attempts,
  }
}

import type { ServedEndpoint } from '@longhaul/core'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { deliveryKeys, deliveryQueueName } from '../connection/keys.ts'
import { runScript } from '../lua/run-script.ts'
import { findEndpointsScript } from '../lua/webhooks/find-endpoints.ts'
import { holdEndpointScript } from '../lua/webhooks/hold-endpoint.ts'
import { leaveEndpointScript } from '../lua/webhooks/leave-endpoint.ts'
import { noteEndpointScript } from '../lua/webhooks/note-endpoint.ts'
import { takeEndpointScript } from '../lua/webhooks/take-endpoint.ts'

type Options = { clockTime: () => number | '' }

/** How many tickets wait at most. */
const mostTickets = 100

/**
 * The endpoints with deliveries that are due, in the order in which they are served. BullMQ wakes the workers: a job is
 * a ticket, with which a worker serves whatever endpoint has been due for longest. To lose or to double a ticket is
 * harmless.
 */
export function createEndpointQueue(redis: Redis, { clockTime }: Options) {
  const keys = deliveryKeys()
  let queue: Queue | undefined
  const addTicket = async () => {
    queue ??= openQueue(redis)
    await queue.add('serve', {})
  }

  return {
    /** Makes an endpoint due, and adds a ticket for it. A ticket that is lost is added by `offerDue`. */
    async noteEndpoint({ workspace, webhookId }: ServedEndpoint): Promise<void> {
      const values = { clockTime: clockTime(), endpoint: `${workspace} ${webhookId}` }
      const wantsTicket = await runScript(redis, noteEndpointScript.call(keys, values))
      if (wantsTicket) await addTicket().catch(() => {})
    },

    async take(holder: string, leaseMs: number): Promise<ServedEndpoint | undefined> {
      const call = takeEndpointScript.call(keys, { clockTime: clockTime(), holder, leaseMs })
      const endpoint = await runScript(redis, call)
      if (endpoint === undefined) return undefined
      const [workspace = '', webhookId = ''] = endpoint.split(' ')
      return { workspace, webhookId }
    },

    async hold({ workspace, webhookId }: ServedEndpoint, holder: string, leaseMs: number) {
      const endpoint = `${workspace} ${webhookId}`
      const values = { clockTime: clockTime(), endpoint, holder, leaseMs }
      return await runScript(redis, holdEndpointScript.call(keys, values))
    },

    async leave(
      { workspace, webhookId }: ServedEndpoint,
      holder: string,
      { mark, nextMs }: { mark: string; nextMs: number | undefined },
    ): Promise<boolean> {
      const endpoint = `${workspace} ${webhookId}`
      const values = { clockTime: clockTime(), endpoint, holder, mark, nextMs }
      return await runScript(redis, leaveEndpointScript.call(keys, values))
    },

    async offerDue(): Promise<number> {
      const values = { clockTime: clockTime(), limit: mostTickets }
      const found = await runScript(redis, findEndpointsScript.call(keys, values))
      for (let at = found.waiting; at < Math.min(found.due, mostTickets); at += 1) await addTicket()
      return found.nextMs ?? Infinity
    },

    async oldestMs(): Promise<number> {
      const values = { clockTime: clockTime(), limit: 1 }
      return (await runScript(redis, findEndpointsScript.call(keys, values))).oldestMs
    },
  }
}

function openQueue(redis: Redis): Queue {
  const queue = new Queue(deliveryQueueName, {
    connection: redis,
    prefix: deliveryKeys().tag,
    skipWaitingForReady: true,
    skipVersionCheck: true,
    streams: { events: { maxLen: 100 } },
    defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
  })
  // The listener of the connection reports its errors. Each call rejects with its own error.
  queue.on('error', () => {})
  return queue
}

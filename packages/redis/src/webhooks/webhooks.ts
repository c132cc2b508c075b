import {
  limits,
  type StoredWebhook,
  Webhook,
  WebhookDisabled,
  type Webhooks,
  workspaceFull,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { workspaceKeys } from '../connection/keys.ts'
import { createTime } from '../connection/redis-time.ts'
import { guarded } from '../connection/unavailable.ts'
import { toStored } from '../log/to-stored.ts'
import { runScript } from '../lua/run-script.ts'
import { createWebhookScript } from '../lua/webhooks/create-webhook.ts'
import { updateWebhookScript } from '../lua/webhooks/update-webhook.ts'
import { removeDeliveries } from './deliveries.ts'
import { createEndpointQueue } from './endpoint-queue.ts'
import { createListeners } from './listeners.ts'

/** The endpoints of workspaces: a hash for each, with its definition and what its deliveries have recorded. */
export function createWebhooks(
  redis: Redis,
  { shards, maxWebhooks = limits.webhooks.endpoints }: { shards: number; maxWebhooks?: number },
): Webhooks {
  const endpoints = createEndpointQueue(redis, { clockTime: () => '' })
  const { listen } = createListeners(redis, { shards })

  const get = (workspace: string, id: string) => readWebhook(redis, workspace, id)

  return {
    listen,
    get,
    now: createTime(redis, { clock: undefined }),

    async create(workspace, webhook) {
      // Before the endpoint exists, so that no event of it is missed.
      await listen(workspace)
      const { id, createdAt } = webhook
      const keys = workspaceKeys(workspace)
      const call = createWebhookScript.call(
        { webhook: keys.webhook(id), webhooks: keys.webhooks },
        { id, json: toStored(webhook), createdAt, maxWebhooks },
      )
      const outcome = await runScript(redis, call)
      if (outcome === 'full') throw workspaceFull('webhooks')
      return outcome
    },

    async list(workspace) {
      const { webhooks } = workspaceKeys(workspace)
      const ids = await guarded(() => redis.zrevrange(webhooks, 0, -1))
      const found = await Promise.all(ids.map((id) => get(workspace, id)))
      return found.flatMap((webhook) => webhook ?? [])
    },

    async update(workspace, webhook, { revision, enables }) {
      const call = updateWebhookScript.call(
        { webhook: workspaceKeys(workspace).webhook(webhook.id) },
        { json: toStored(webhook), seenRevision: revision, enables },
      )
      const outcome = await runScript(redis, call)
      // Deliveries of an endpoint that was disabled wait.
      if (outcome === 'updated') await endpoints.noteEndpoint({ workspace, webhookId: webhook.id })
      return outcome
    },

    async remove(workspace, id) {
      const keys = workspaceKeys(workspace)
      const removed = await guarded(() => redis.zrem(keys.webhooks, id))
      await guarded(() => redis.unlink(keys.webhook(id)))
      await removeDeliveries(redis, workspace, id)
      return removed === 1
    },
  }
}

/** Reads an endpoint; undefined when there is none. */
export async function readWebhook(
  redis: Redis,
  workspace: string,
  id: string,
): Promise<StoredWebhook | undefined> {
  const { webhook } = workspaceKeys(workspace)
  return storedWebhook(await guarded(() => redis.hmget(webhook(id), ...webhookFields)))
}

const webhookFields = ['json', 'revision', 'failures', 'disabled'] as const

/** An endpoint from the fields of its hash; undefined when there is none. */
export function storedWebhook(
  fields: readonly (string | null | undefined)[],
): StoredWebhook | undefined {
  const [json, revision, failures, disabled] = fields
  if (json == null) return undefined
  return {
    ...Webhook.parse(JSON.parse(json)),
    revision: Number(revision),
    failures: Number(failures ?? 0),
    ...(disabled != null && disabled !== '' && { disabled: WebhookDisabled.parse(disabled) }),
  }
}

import { z } from 'zod'
import type { StoredWebhook, WebhookDisabled } from './webhook.ts'

/** An event outside of a task, such as the change of an agent. */
export const WorkspaceEvent = z.object({
  /** One of `eventTypes`. A newer version may know more of them. */
  type: z.string(),
  /** What it happened to, and which change of that it is: the same event has the same subject. */
  subject: z.string(),
  /** Epoch milliseconds. */
  at: z.number(),
  data: z.record(z.string(), z.unknown()),
})
export type WorkspaceEvent = z.infer<typeof WorkspaceEvent>

/** An event outside of a task as scripts note it in a shard. */
export const NotedInShard = z.object({ workspace: z.string(), event: WorkspaceEvent })

/** The event for the other endpoints of a workspace when one is disabled. */
export function disabledEvent(
  { id, revision, name, url }: Pick<StoredWebhook, 'id' | 'revision' | 'name' | 'url'>,
  { reason, at }: { reason: WebhookDisabled; at: number },
): WorkspaceEvent {
  const data = { id, name, url, reason }
  return { type: 'webhook_endpoint.disabled', subject: `${id}_${revision}`, at, data }
}

import { hash } from 'node:crypto'
import { z } from 'zod'

/** An endpoint: a receiver of a workspace's events. Its secrets are sealed. */
export const Webhook = z.object({
  id: z.string(),
  url: z.string(),
  name: z.string(),
  /** Types of events, or patterns such as `response.*`. */
  events: z.array(z.string()),
  contentType: z.enum(['json', 'form']),
  /** Absent for an address that only a request has named: its events are not signed. */
  secret: z.string().exactOptional(),
  secretHint: z.string().exactOptional(),
  /** The secret before a rotation, and until when it is valid too. */
  previous: z.object({ secret: z.string(), until: z.number() }).exactOptional(),
  enabled: z.boolean(),
  /** Whether events contain the output of the response. */
  includesOutput: z.literal(true).exactOptional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** The ids of the keys that made it and changed it last. */
  createdBy: z.string(),
  updatedBy: z.string(),
})
export type Webhook = z.infer<typeof Webhook>

/** Why the server has disabled an endpoint: it answered 410, or everything failed for days. */
export const WebhookDisabled = z.enum(['gone', 'failing'])
export type WebhookDisabled = z.infer<typeof WebhookDisabled>

/** An endpoint with what its deliveries have recorded. */
export type StoredWebhook = Webhook & {
  /** The number of the change; an update names the one that it has read. */
  revision: number
  /** Failed attempts since the last success. */
  failures: number
  disabled?: WebhookDisabled
}

/** Whether events are sent to an endpoint now. */
export function receives({ enabled, disabled }: StoredWebhook): boolean {
  return enabled && disabled === undefined
}

/** The endpoint of an address that only a request names. It is the same for each request, and has no secret. */
export function webhookOfUrl(url: string, at: number): Webhook {
  return {
    id: `whr_${hash('sha256', url).slice(0, 24)}`,
    url,
    name: '',
    events: [],
    contentType: 'json',
    enabled: true,
    createdAt: at,
    updatedAt: at,
    createdBy: '',
    updatedBy: '',
  }
}

/** An attempt of a delivery. */
export const DeliveryAttempt = z.object({
  at: z.number(),
  ms: z.number(),
  status: z.int().exactOptional(),
  error: z.string().exactOptional(),
  /** The beginning of the answer. */
  answer: z.string().exactOptional(),
})
export type DeliveryAttempt = z.infer<typeof DeliveryAttempt>

export const DeliveryStatus = z.enum(['pending', 'delivered', 'failed'])
export type DeliveryStatus = z.infer<typeof DeliveryStatus>

/** An event on its way to one endpoint. Its id is that of the event. */
export type Delivery = {
  id: string
  webhookId: string
  type: string
  /** The event as JSON. */
  body: string
  createdAt: number
  status: DeliveryStatus
  /** When the next attempt is due. Absent when none is. */
  nextAt?: number
  attempts: DeliveryAttempt[]
}

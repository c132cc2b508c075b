import {
  type Delivery,
  DeliveryStatus,
  eventNames,
  invalid,
  limits,
  parseIsoTime,
} from '@longhaul/core'
import { z } from 'zod'
import { line } from '../dialects/shared/request-fields.ts'
import { wholeNumber } from './webhook-fields.ts'

/** Deliveries, in the form that both wires share. */

const Attempt = z.object({
  at: z.iso.datetime(),
  ms: z.int(),
  status: z.int().optional().meta({ description: 'Absent when there was no answer.' }),
  error: z.string().optional(),
  answer: z.string().optional().meta({ description: 'The beginning of the answer.' }),
})

const summary = {
  id: z.string().meta({ description: 'The id of the event, and the header `webhook-id`.' }),
  object: z.literal('webhook_delivery'),
  webhook_id: z.string(),
  type: z.string(),
  status: DeliveryStatus,
  created: z.iso.datetime(),
  next_attempt_at: z.iso.datetime().optional(),
  attempt_count: z.int(),
}

export const DeliverySummary = z.object(summary)
export const DeliveryReply = z
  .object({
    ...summary,
    request: z.object({ body: z.string().meta({ description: 'The event as JSON.' }) }),
    attempts: z.array(Attempt),
  })
  .meta({ id: 'WebhookDelivery' })

export const DeliveryPage = z.object({
  object: z.literal('list'),
  data: z.array(DeliverySummary),
  has_more: z.boolean(),
})

export const DeliveriesQuery = z.object({
  status: DeliveryStatus.optional().meta({ description: 'Only deliveries with this status.' }),
  type: z
    .enum(eventNames as [string, ...string[]])
    .optional()
    .meta({ description: 'Only events of this type.' }),
  since: z
    .string()
    .max(64)
    .optional()
    .meta({
      description: 'Only deliveries of this time and later.',
      examples: ['2030-01-31T09:00:00Z'],
    }),
  limit: wholeNumber(limits.listPage).optional().meta({ description: 'Default: 50.' }),
  starting_after: z.string().max(256).optional().meta({
    description: 'The id of the last delivery of the page before.',
  }),
})

const time = z.string().max(64)
export const RecoverDeliveries = z
  .object({
    since: time.meta({ description: 'A time with its zone.', examples: ['2030-01-31T09:00:00Z'] }),
    until: time.optional().meta({ description: 'Default: now.' }),
    include: z.enum(['failed', 'missing']).optional().meta({
      description:
        '`failed` (default): deliveries that have failed. `missing`: ends of turns and approvals without a delivery, because the endpoint was disabled then.',
    }),
    starting_after: line.max(64).optional().meta({
      description: 'With `missing`: the `last_id` of the reply before.',
    }),
  })
  .meta({ examples: [{ since: '2030-01-31T09:00:00Z' }] })
export const Recovered = z.object({
  recovered: z.int().meta({ description: 'How many events are sent.' }),
  has_more: z.boolean().meta({ description: 'Whether another request may find more.' }),
  last_id: z.string().nullable().meta({ description: 'With `missing`: the last task examined.' }),
})

export function timeIn(text: string, path: string): number {
  const at = parseIsoTime(text)
  if (at === undefined) throw invalid(path, 'must be a time with its zone: 2030-01-31T09:00:00Z')
  return at
}

export function deliverySummary(delivery: Delivery): z.input<typeof DeliverySummary> {
  const { id, webhookId, type, status, createdAt, nextAt, attempts } = delivery
  return {
    id,
    object: 'webhook_delivery',
    webhook_id: webhookId,
    type,
    status,
    created: new Date(createdAt).toISOString(),
    ...(nextAt !== undefined && { next_attempt_at: new Date(nextAt).toISOString() }),
    attempt_count: attempts.length,
  }
}

export function deliveryBody(delivery: Delivery): z.input<typeof DeliveryReply> {
  return {
    ...deliverySummary(delivery),
    request: { body: delivery.body },
    attempts: delivery.attempts.map(({ at, ...attempt }) => ({
      at: new Date(at).toISOString(),
      ...attempt,
    })),
  }
}

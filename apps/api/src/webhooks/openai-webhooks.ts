import { eventNames, type EventType, type StoredWebhook } from '@longhaul/core'
import { z } from 'zod'
import { webhookEvents, webhookInclude, webhookName, webhookUrl } from './webhook-fields.ts'

/** Endpoints in the format of OpenAI. */

export const CreateEndpoint = z
  .object({
    name: webhookName,
    url: webhookUrl,
    event_types: webhookEvents,
    include: webhookInclude,
  })
  .meta({
    examples: [
      { name: 'shop', url: 'https://shop.example/events', event_types: ['response.completed'] },
    ],
  })

export const UpdateEndpoint = z
  .object({
    name: webhookName.optional(),
    url: webhookUrl.optional(),
    event_types: webhookEvents.optional(),
    include: webhookInclude,
    enabled: z.boolean().optional().meta({
      description: 'With `true`, an endpoint that the server has disabled receives events again.',
    }),
  })
  .meta({ examples: [{ name: 'store' }] })

export const RotateSecret = z
  .object({
    keep_old_secret_active_for_24_hours: z.boolean().optional().meta({
      description: 'Whether events are signed with the previous secret, too, for another day.',
    }),
  })
  .optional()
  .meta({ examples: [{ keep_old_secret_active_for_24_hours: true }] })

export const TestEndpoint = z
  .object({
    event_type: z
      .enum(eventNames as [EventType, ...EventType[]])
      .meta({ description: 'The type of the sample event.', examples: ['response.completed'] }),
  })
  .meta({ examples: [{ event_type: 'response.completed' }] })

const fields = {
  id: z.string(),
  object: z.literal('webhook_endpoint'),
  created_at: z.int(),
  updated_at: z.int(),
  name: z.string(),
  url: z.string(),
  event_types: z.array(z.string()),
  signing_secret_hint: z.string().nullable(),
  include: z.array(z.literal('output')),
  enabled: z.boolean(),
  disabled_reason: z.enum(['gone', 'failing']).nullable().meta({
    description: 'Why the server has disabled it: it answered 410, or everything failed for days.',
  }),
  failure_count: z.int().meta({ description: 'Failed attempts since the last success.' }),
}

export const Endpoint = z.object(fields).meta({ id: 'WebhookEndpoint' })
export const EndpointWithSecret = z
  .object({ ...fields, signing_secret: z.string() })
  .meta({ id: 'WebhookEndpointWithSecret' })

export const EndpointList = z.object({
  object: z.literal('list'),
  data: z.array(Endpoint),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
  has_more: z.boolean(),
})

export const EventTypeList = z.object({ object: z.literal('list'), data: z.array(z.string()) })

export const DeletedEndpoint = z.object({
  id: z.string(),
  object: z.literal('webhook_endpoint.deleted'),
  deleted: z.boolean(),
})

export const TestResult = z.object({
  object: z.literal('webhook_endpoint.test'),
  webhook_endpoint_id: z.string(),
  event_type: z.string(),
  status_code: z.int(),
  success: z.literal(true).meta({ description: 'The endpoint has answered.' }),
})

export function endpointBody(webhook: StoredWebhook): z.input<typeof Endpoint> {
  return {
    id: webhook.id,
    object: 'webhook_endpoint',
    created_at: Math.floor(webhook.createdAt / 1_000),
    updated_at: Math.floor(webhook.updatedAt / 1_000),
    name: webhook.name,
    url: webhook.url,
    event_types: webhook.events,
    signing_secret_hint: webhook.secretHint ?? null,
    include: webhook.includesOutput === true ? ['output'] : [],
    enabled: webhook.enabled && webhook.disabled === undefined,
    disabled_reason: webhook.disabled ?? null,
    failure_count: webhook.failures,
  }
}

import { limits, type StoredWebhook, type Webhook } from '@longhaul/core'
import { z } from 'zod'
import { line } from '../dialects/shared/request-fields.ts'
import {
  webhookEvents,
  webhookInclude,
  webhookName,
  webhookSecret,
  webhookUrl,
  wholeNumber,
} from './webhook-fields.ts'

/** Endpoints in the format of orq. */

const types = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const
const contentType = z.enum(['application/json', 'application/x-www-form-urlencoded']).meta({
  description: 'The form of a request. A form has the event as JSON in its field `payload`.',
})
const enabled = z
  .boolean()
  .optional()
  .meta({ description: 'Whether events are sent. Default: true.' })

export const CreateWebhook = z
  .object({
    _id: line
      .regex(/^[\w-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, _ and -' })
      .meta({ description: 'The id, which the caller chooses.' }),
    url: webhookUrl,
    content_type: contentType,
    display_name: webhookName,
    events: webhookEvents,
    secret: webhookSecret,
    enabled,
    include: webhookInclude,
  })
  .meta({
    examples: [
      {
        _id: 'shop',
        url: 'https://shop.example/events',
        content_type: 'application/json',
        display_name: 'shop',
        events: ['response.*'],
        secret: 'a-secret-of-yours',
      },
    ],
  })

export const UpdateWebhook = z
  .object({
    url: webhookUrl.optional(),
    content_type: contentType.optional(),
    display_name: webhookName.optional(),
    events: webhookEvents.optional(),
    secret: webhookSecret.optional(),
    enabled,
    include: webhookInclude,
  })
  .meta({ examples: [{ enabled: true }] })

export const OrqWebhook = z
  .object({
    _id: z.string(),
    url: z.string(),
    content_type: contentType,
    display_name: z.string(),
    events: z.array(z.string()),
    secret: z.string().meta({ description: 'Whole in the reply to a creation, else masked.' }),
    enabled: z.boolean(),
    failure_count: z.int(),
    disabled_reason: z.enum(['gone', 'failing']).optional(),
    include: z.array(z.literal('output')),
    created_by_id: z.string(),
    updated_by_id: z.string(),
    created: z.iso.datetime(),
    updated: z.iso.datetime(),
  })
  .meta({ id: 'Webhook' })

const flagText = z.enum(['true', 'false'])

export const WebhookQuery = z.object({
  page: wholeNumber(1_000_000).optional().meta({ description: 'The number of the page, from 1.' }),
  limit: wholeNumber(limits.listPage)
    .optional()
    .meta({ description: 'How many endpoints a page has. Default: 20.' }),
  search: z.string().max(200).optional().meta({
    description: 'A text in the name, the content type or the URL, in any case.',
  }),
  event: z.string().max(200).optional().meta({ description: 'A type or a pattern of its events.' }),
  sort: z
    .enum(['created', 'updated', 'display_name'])
    .optional()
    .meta({ description: 'The field that orders them. Default: `created`.' }),
  direction: z.enum(['asc', 'desc']).optional().meta({ description: 'Default: `desc`.' }),
  content_type: z.string().max(200).optional().meta({
    description: 'Content types, with commas between.',
  }),
  enabled: flagText
    .optional()
    .meta({ description: 'Only those that receive events, or the others.' }),
})
export type WebhookQuery = z.output<typeof WebhookQuery>

export const QueryWebhooks = z
  .object({
    pagination: z
      .object({
        page: z.int().min(1).max(1_000_000).optional(),
        limit: z.int().min(1).max(limits.listPage).optional(),
      })
      .optional(),
    sortingProps: z
      .array(z.object({ key: line.optional(), direction: line.optional() }))
      .max(10)
      .optional(),
    query: z.record(z.string(), z.unknown()).optional(),
    filters: z.array(z.record(z.string(), z.unknown())).max(10).optional(),
    includedFields: z.record(z.string(), z.string()).optional(),
  })
  .meta({ examples: [{ pagination: { page: 1, limit: 20 } }] })

export const WebhookPage = z.object({
  count: z.int().meta({ description: 'The number of endpoints that match.' }),
  items: z.array(OrqWebhook),
  has_more: z.boolean(),
})

/** `secret` is shown whole once, in the reply to the creation. */
export function orqBody(webhook: StoredWebhook, secret?: string): z.input<typeof OrqWebhook> {
  return {
    _id: webhook.id,
    url: webhook.url,
    content_type: types[webhook.contentType],
    display_name: webhook.name,
    events: webhook.events,
    secret: secret ?? webhook.secretHint ?? '…',
    enabled: webhook.enabled && webhook.disabled === undefined,
    failure_count: webhook.failures,
    ...(webhook.disabled && { disabled_reason: webhook.disabled }),
    include: webhook.includesOutput === true ? ['output'] : [],
    created_by_id: webhook.createdBy,
    updated_by_id: webhook.updatedBy,
    created: new Date(webhook.createdAt).toISOString(),
    updated: new Date(webhook.updatedAt).toISOString(),
  }
}

export function toContentType(text: keyof typeof fromTypes): Webhook['contentType'] {
  return fromTypes[text]
}

const fromTypes = {
  'application/json': 'json',
  'application/x-www-form-urlencoded': 'form',
} as const

/** The page of a query. */
export function pageOf(all: StoredWebhook[], query: WebhookQuery) {
  const { page: number = 1, limit = 20, sort = 'created', direction = 'desc' } = query
  const found = all.map((each) => orqBody(each)).filter((each) => matches(each, query))
  const sorted = found.toSorted((a, b) => (a[sort] < b[sort] ? -1 : a[sort] > b[sort] ? 1 : 0))
  if (direction === 'desc') sorted.reverse()
  const start = (number - 1) * limit
  const items = sorted.slice(start, start + limit)
  return { count: found.length, items, has_more: start + limit < found.length }
}

function matches(
  {
    display_name: name,
    content_type: type,
    url,
    events,
    enabled: isOn,
  }: z.input<typeof OrqWebhook>,
  { search, event, content_type: contentTypes, enabled: wanted }: WebhookQuery,
): boolean {
  const text = `${name}\n${type}\n${url}`.toLowerCase()
  return (
    (search === undefined || text.includes(search.toLowerCase())) &&
    (event === undefined || events.includes(event)) &&
    (contentTypes === undefined || contentTypes.split(',').includes(type)) &&
    (wanted === undefined || String(isOn) === wanted)
  )
}

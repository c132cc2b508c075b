import { z } from 'zod'
import { json } from '../../reply-doc.ts'
import { parseQuery } from '../../request/parse-query.ts'
import type { Route } from '../../route.ts'
import {
  CreateWebhook,
  orqBody,
  OrqWebhook,
  pageOf,
  QueryWebhooks,
  toContentType,
  UpdateWebhook,
  WebhookPage,
  WebhookQuery,
} from '../../webhooks/orq-webhooks.ts'
import { endpointRoutes } from './endpoint-routes.ts'

const base = '/v2/webhooks'
const tag = 'Webhooks'

const listWebhooks: Route = {
  method: 'get',
  path: base,
  doc: {
    operationId: 'listWebhooks',
    tag,
    summary: 'List webhooks',
    query: WebhookQuery,
    replies: { 200: json('A page of webhooks.', WebhookPage) },
  },
  async handle({ workspace, query }, { webhooks }) {
    const all = await webhooks.list(workspace)
    return { status: 200, body: pageOf(all, parseQuery(WebhookQuery, query)) }
  },
}

const countWebhooks: Route = {
  method: 'get',
  path: `${base}/count`,
  doc: {
    operationId: 'countWebhooks',
    tag,
    summary: 'Count webhooks',
    replies: { 200: json('Their number.', z.object({ total: z.int() })) },
  },
  async handle({ workspace }, { webhooks }) {
    return { status: 200, body: { total: (await webhooks.list(workspace)).length } }
  },
}

const makeSecret: Route = {
  method: 'get',
  path: `${base}/secret`,
  doc: {
    operationId: 'generateWebhookSecret',
    tag,
    summary: 'Make a secret for a webhook',
    description: 'Nothing is stored.',
    replies: { 200: json('A new secret.', z.object({ secret: z.string() })) },
  },
  handle: (_call, { webhooks }) =>
    Promise.resolve({ status: 200, body: { secret: webhooks.newSecret() } }),
}

const queryWebhooks: Route<typeof QueryWebhooks> = {
  method: 'post',
  path: `${base}/query`,
  body: QueryWebhooks,
  doc: {
    operationId: 'queryWebhooks',
    tag,
    summary: 'List webhooks by a query in the body',
    description: 'Only `pagination` has an effect. Use the list for filters.',
    replies: { 200: json('A page of webhooks.', WebhookPage) },
  },
  async handle({ workspace, body }, { webhooks }) {
    return { status: 200, body: pageOf(await webhooks.list(workspace), body.pagination ?? {}) }
  },
}

const { createRoute, readRoute, updateRoute, removeRoute } = endpointRoutes({
  path: base,
  parameter: 'webhook_id',
  names: { operation: 'Webhook', long: 'webhook', short: 'webhook' },
  reply: OrqWebhook,
  body: orqBody,
  create: {
    body: CreateWebhook,
    input: ({ _id: id, display_name: name, content_type: type, include = [], ...same }) => {
      const contentType = toContentType(type)
      return { ...same, id, name, contentType, includesOutput: include.includes('output') }
    },
    reply: OrqWebhook,
    errors: { 409: 'The id is in use.' },
  },
  update: {
    method: 'patch',
    body: UpdateWebhook,
    patch: ({ display_name: name, content_type: type, include, ...same }) => {
      const contentType = type && toContentType(type)
      return { ...same, name, contentType, includesOutput: include?.includes('output') }
    },
    description:
      'Only the fields in the request change. With `enabled: true`, a webhook that the server has disabled receives events again.',
  },
  remove: {
    body: (id) => ({ id }),
    reply: z.object({ id: z.string() }),
    replyDescription: 'The id of the webhook, which is gone.',
  },
})

/** The endpoints of a workspace, in the format of orq. */
export const orqWebhooks = [
  createRoute,
  listWebhooks,
  countWebhooks,
  makeSecret,
  queryWebhooks,
  readRoute,
  updateRoute,
  removeRoute,
] as Route[]

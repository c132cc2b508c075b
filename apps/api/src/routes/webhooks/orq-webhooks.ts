import { z } from 'zod'
import { changedBy } from '../../auth/principal.ts'
import { json } from '../../reply-doc.ts'
import { parseQuery } from '../../request/parse-query.ts'
import type { Call, Route } from '../../route.ts'
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
import { webhookRef } from './webhook-ref.ts'

const base = '/v2/webhooks'
const one = `${base}/:webhook_id`
const tag = 'Webhooks'
const refOf = (call: Pick<Call, 'workspace' | 'params'>) => webhookRef(call, 'webhook_id')

const createWebhook: Route<typeof CreateWebhook> = {
  method: 'post',
  path: base,
  body: CreateWebhook,
  doc: {
    operationId: 'createWebhook',
    tag,
    summary: 'Create a webhook',
    description: 'It receives the events that happen from now on.',
    replies: { 200: json('The webhook, with its secret.', OrqWebhook) },
    errors: { 409: 'The id is in use.' },
  },
  async handle(call, { webhooks }) {
    const { _id: id, display_name: name, content_type: type, include = [], ...same } = call.body
    const contentType = toContentType(type)
    const input = { ...same, id, name, contentType, includesOutput: include.includes('output') }
    const { webhook } = await webhooks.create(call.workspace, input, changedBy(call))
    return { status: 200, body: orqBody(webhook, input.secret) }
  },
}

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

const readWebhook: Route = {
  method: 'get',
  path: one,
  doc: {
    operationId: 'retrieveWebhook',
    tag,
    summary: 'Read a webhook',
    replies: { 200: json('The webhook.', OrqWebhook) },
  },
  async handle(call, { webhooks }) {
    return { status: 200, body: orqBody(await webhooks.get(refOf(call))) }
  },
}

const updateWebhook: Route<typeof UpdateWebhook> = {
  method: 'patch',
  path: one,
  body: UpdateWebhook,
  doc: {
    operationId: 'updateWebhook',
    tag,
    summary: 'Change a webhook',
    description:
      'Only the fields in the request change. With `enabled: true`, a webhook that the server has disabled receives events again.',
    replies: { 200: json('The webhook.', OrqWebhook) },
  },
  async handle(call, { webhooks }) {
    const { display_name: name, content_type: type, include, ...same } = call.body
    const contentType = type && toContentType(type)
    const patch = { ...same, name, contentType, includesOutput: include?.includes('output') }
    const webhook = await webhooks.update(refOf(call), patch, changedBy(call))
    return { status: 200, body: orqBody(webhook) }
  },
}

const deleteWebhook: Route = {
  method: 'delete',
  path: one,
  doc: {
    operationId: 'deleteWebhook',
    tag,
    summary: 'Delete a webhook',
    description: 'Its deliveries are deleted, too.',
    replies: { 200: json('The id of the webhook, which is gone.', z.object({ id: z.string() })) },
  },
  async handle(call, { webhooks }) {
    const ref = refOf(call)
    await webhooks.remove(ref)
    return { status: 200, body: { id: ref.id } }
  },
}

/** The endpoints of a workspace, in the format of orq. */
export const orqWebhooks = [
  createWebhook,
  listWebhooks,
  countWebhooks,
  makeSecret,
  queryWebhooks,
  readWebhook,
  updateWebhook,
  deleteWebhook,
] as Route[]

import { z } from 'zod'
import { identityOf } from '../../auth/principal.ts'
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

const base = '/v2/webhooks'
const one = `${base}/:webhook_id`
const tag = 'Webhooks'

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
  async handle({ workspace, principal, body }, { webhooks }) {
    const { _id: id, url, display_name: name, events, secret, enabled, include = [] } = body
    const contentType = toContentType(body.content_type)
    const input = { id, url, name, events, secret, contentType }
    const options = { enabled, includesOutput: include.includes('output') }
    const by = { keyId: identityOf(principal).keyId ?? workspace }
    const { webhook } = await webhooks.create(workspace, { ...input, ...options }, by)
    return { status: 200, body: orqBody(webhook, secret) }
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
  async handle({ workspace, params }, { webhooks }) {
    return { status: 200, body: orqBody(await webhooks.get(refOf(workspace, params))) }
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
  async handle({ workspace, params, principal, body }, { webhooks }) {
    const { url, display_name: name, events, secret, enabled, include } = body
    const patch = {
      ...(url !== undefined && { url }),
      ...(name !== undefined && { name }),
      ...(events !== undefined && { events }),
      ...(secret !== undefined && { secret }),
      ...(enabled !== undefined && { enabled }),
      ...(body.content_type !== undefined && { contentType: toContentType(body.content_type) }),
      ...(include !== undefined && { includesOutput: include.includes('output') }),
    }
    const by = { keyId: identityOf(principal).keyId ?? workspace }
    return {
      status: 200,
      body: orqBody(await webhooks.update(refOf(workspace, params), patch, by)),
    }
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
  async handle({ workspace, params }, { webhooks }) {
    const ref = refOf(workspace, params)
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

function refOf(workspace: string, params: Record<string, string>) {
  return { workspace, id: params['webhook_id'] ?? '' }
}

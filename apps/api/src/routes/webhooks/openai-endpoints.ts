import { eventNames } from '@longhaul/core'
import { z } from 'zod'
import { changedBy } from '../../auth/principal.ts'
import { openai } from '../../dialects/openai/index.ts'
import { json } from '../../reply-doc.ts'
import { parseQuery } from '../../request/parse-query.ts'
import type { Call, Route } from '../../route.ts'
import {
  CreateEndpoint,
  DeletedEndpoint,
  Endpoint,
  endpointBody,
  EndpointList,
  EndpointWithSecret,
  EventTypeList,
  RotateSecret,
  TestEndpoint,
  TestResult,
  UpdateEndpoint,
} from '../../webhooks/openai-webhooks.ts'
import { endpointRoutes } from './endpoint-routes.ts'
import { webhookRef } from './webhook-ref.ts'
import { wholeNumber } from '../../webhooks/webhook-fields.ts'

const base = '/v1/webhook_endpoints'
const one = `${base}/:webhook_endpoint_id`
const { errorPaths } = openai
const refOf = (call: Pick<Call, 'workspace' | 'params'>) => webhookRef(call, 'webhook_endpoint_id')
const tag = 'Webhooks'

const ListQuery = z.object({
  limit: wholeNumber(100).optional().meta({ description: 'Default: 20.' }),
  after: z.string().max(256).optional().meta({
    description: 'The id of the last endpoint of the page before.',
  }),
})

const listEndpoints: Route = {
  method: 'get',
  path: base,
  errorPaths,
  doc: {
    operationId: 'listWebhookEndpoints',
    tag,
    summary: 'List webhook endpoints',
    description: 'The newest first.',
    query: ListQuery,
    replies: { 200: json('A page of endpoints.', EndpointList) },
  },
  async handle({ workspace, query }, { webhooks }) {
    const { limit = 20, after } = parseQuery(ListQuery, query)
    const all = await webhooks.list(workspace)
    const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1
    const data = all.slice(start, start + limit).map(endpointBody)
    const ids = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null }
    const hasMore = start + limit < all.length
    return { status: 200, body: { object: 'list', data, ...ids, has_more: hasMore } }
  },
}

const { createRoute, readRoute, updateRoute, removeRoute } = endpointRoutes({
  path: base,
  parameter: 'webhook_endpoint_id',
  errorPaths,
  names: { operation: 'WebhookEndpoint', long: 'webhook endpoint', short: 'endpoint' },
  reply: Endpoint,
  body: (webhook, secret) => ({
    ...endpointBody(webhook),
    ...(secret !== undefined && { signing_secret: secret }),
  }),
  create: {
    body: CreateEndpoint,
    input: ({ event_types: events, include = [], ...same }) => {
      return { ...same, events, includesOutput: include.includes('output') }
    },
    reply: EndpointWithSecret,
  },
  update: {
    method: 'post',
    body: UpdateEndpoint,
    patch: ({ event_types: events, include, ...same }) => {
      return { ...same, events, includesOutput: include?.includes('output') }
    },
    description: 'Only the fields in the request change.',
  },
  remove: {
    body: (id) => ({ id, object: 'webhook_endpoint.deleted', deleted: true }),
    reply: DeletedEndpoint,
    replyDescription: 'The endpoint is gone.',
  },
})

const rotateSecret: Route<typeof RotateSecret> = {
  method: 'post',
  path: `${one}/rotate_secret`,
  body: RotateSecret,
  errorPaths,
  doc: {
    operationId: 'rotateWebhookSecret',
    tag,
    summary: 'Give an endpoint a new secret',
    replies: { 200: json('The endpoint, with its new secret.', EndpointWithSecret) },
  },
  async handle(call, { webhooks }) {
    const keepsOld = call.body?.keep_old_secret_active_for_24_hours === true
    const rotated = await webhooks.rotateSecret(refOf(call), { keepsOld }, changedBy(call))
    const { webhook, secret } = rotated
    return { status: 200, body: { ...endpointBody(webhook), signing_secret: secret } }
  },
}

const testEndpoint: Route<typeof TestEndpoint> = {
  method: 'post',
  path: `${one}/test`,
  body: TestEndpoint,
  errorPaths,
  doc: {
    operationId: 'testWebhookEndpoint',
    tag,
    summary: 'Send a sample event to an endpoint',
    description: 'It is sent at once and only once, and is no delivery.',
    replies: { 200: json('The answer of the endpoint.', TestResult) },
    errors: { 409: 'The endpoint has not answered.' },
  },
  async handle(call, { webhooks }) {
    const ref = refOf(call)
    const { event_type: type } = call.body
    const { status } = await webhooks.test(ref, type)
    return {
      status: 200,
      body: {
        object: 'webhook_endpoint.test',
        webhook_endpoint_id: ref.id,
        event_type: type,
        status_code: status,
        success: true,
      },
    }
  },
}

const listEventTypes: Route = {
  method: 'get',
  path: '/v1/webhook_event_types',
  errorPaths,
  doc: {
    operationId: 'listWebhookEventTypes',
    tag,
    summary: 'List the types of events',
    replies: { 200: json('The types.', EventTypeList) },
  },
  handle: () => Promise.resolve({ status: 200, body: { object: 'list', data: eventNames } }),
}

/** The endpoints of a workspace, in the format of OpenAI. */
export const openaiEndpoints = [
  createRoute,
  listEndpoints,
  readRoute,
  updateRoute,
  removeRoute,
  rotateSecret,
  testEndpoint,
  listEventTypes,
] as Route[]

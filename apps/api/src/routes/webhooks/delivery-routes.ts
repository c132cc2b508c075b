import { limits } from '@longhaul/core'
import type { ErrorPaths } from '../../dialects/shared/error-paths.ts'
import { openai } from '../../dialects/openai/index.ts'
import { orq } from '../../dialects/orq/index.ts'
import { json } from '../../reply-doc.ts'
import { parseQuery } from '../../request/parse-query.ts'
import type { Route, RouteDoc } from '../../route.ts'
import {
  DeliveriesQuery,
  deliveryBody,
  DeliveryPage,
  DeliveryReply,
  deliverySummary,
  Recovered,
  RecoverDeliveries,
  timeIn,
} from '../../webhooks/delivery-body.ts'
import { type WebhookParameter, webhookRef } from './webhook-ref.ts'

type Mount = {
  base: string
  parameter: WebhookParameter
  suffix: string
  errorPaths: ErrorPaths
}

/** The deliveries of an endpoint, under the paths of both wires. */
export const deliveryRoutes: Route[] = [
  ...routesAt({
    base: '/v1/webhook_endpoints',
    parameter: 'webhook_endpoint_id',
    suffix: 'OfEndpoint',
    errorPaths: openai.errorPaths,
  }),
  ...routesAt({
    base: '/v2/webhooks',
    parameter: 'webhook_id',
    suffix: '',
    errorPaths: orq.errorPaths,
  }),
]

function routesAt(mount: Mount): Route[] {
  return [listRoute(mount), readRoute(mount), redeliverRoute(mount), recoverRoute(mount)] as Route[]
}

function listRoute({ base, parameter, suffix, errorPaths }: Mount): Route {
  return {
    method: 'get',
    path: `${base}/:${parameter}/deliveries`,
    errorPaths,
    doc: docOf(`listWebhookDeliveries${suffix}`, {
      summary: 'List the deliveries of an endpoint',
      description: 'The newest first, of the last 30 days.',
      query: DeliveriesQuery,
      replies: { 200: json('A page of deliveries.', DeliveryPage) },
    }),
    async handle(call, { webhooks }) {
      const {
        since,
        starting_after: after,
        limit = 50,
        ...filter
      } = parseQuery(DeliveriesQuery, call.query)
      const ref = webhookRef(call, parameter)
      const from = since === undefined ? undefined : timeIn(since, 'since')
      const { items, more } = await webhooks.deliveries(ref, {
        ...filter,
        limit,
        after,
        since: from,
      })
      const data = items.map(deliverySummary)
      return { status: 200, body: { object: 'list', data, has_more: more } }
    },
  }
}

function readRoute({ base, parameter, suffix, errorPaths }: Mount): Route {
  return {
    method: 'get',
    path: `${base}/:${parameter}/deliveries/:delivery_id`,
    errorPaths,
    doc: docOf(`retrieveWebhookDelivery${suffix}`, {
      summary: 'Read a delivery with its attempts',
      replies: { 200: json('The delivery.', DeliveryReply) },
    }),
    async handle(call, { webhooks }) {
      const ref = webhookRef(call, parameter)
      const delivery = await webhooks.delivery(ref, call.params['delivery_id'] ?? '')
      return { status: 200, body: deliveryBody(delivery) }
    },
  }
}

function redeliverRoute({ base, parameter, suffix, errorPaths }: Mount): Route {
  return {
    method: 'post',
    path: `${base}/:${parameter}/deliveries/:delivery_id/redeliver`,
    errorPaths,
    doc: docOf(`redeliverWebhookDelivery${suffix}`, {
      summary: 'Send an event again',
      description: 'With the same id, whether it was delivered or not.',
      replies: { 202: json('The delivery, which is sent again.', DeliveryReply) },
      errors: { 409: 'The endpoint is disabled.' },
    }),
    async handle(call, { webhooks }) {
      const ref = webhookRef(call, parameter)
      const id = call.params['delivery_id'] ?? ''
      await webhooks.redeliver(ref, id)
      return { status: 202, body: deliveryBody(await webhooks.delivery(ref, id)) }
    },
  }
}

function recoverRoute({
  base,
  parameter,
  suffix,
  errorPaths,
}: Mount): Route<typeof RecoverDeliveries> {
  return {
    method: 'post',
    path: `${base}/:${parameter}/recover`,
    body: RecoverDeliveries,
    errorPaths,
    doc: docOf(`recoverWebhookDeliveries${suffix}`, {
      summary: 'Send the failed or missing events of a time',
      description: `Their rate leaves room for new events. A request recovers at most ${limits.webhooks.recovered} failed deliveries, or examines ${limits.webhooks.examined} tasks, the newest first.`,
      replies: { 202: json('The number of events.', Recovered) },
      errors: { 409: 'The endpoint is disabled.' },
    }),
    async handle(call, { webhooks }) {
      const { body } = call
      const ref = webhookRef(call, parameter)
      const since = timeIn(body.since, 'since')
      const until = body.until === undefined ? Infinity : timeIn(body.until, 'until')
      const { include = 'failed', starting_after: after } = body
      const { recovered, more, last } = await webhooks.recover(ref, {
        since,
        until,
        include,
        after,
      })
      return { status: 202, body: { recovered, has_more: more, last_id: last ?? null } }
    },
  }
}

function docOf(operationId: string, doc: Omit<RouteDoc, 'operationId' | 'tag'>): RouteDoc {
  return { operationId, tag: 'Webhooks', ...doc }
}

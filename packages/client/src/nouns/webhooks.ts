import type { BodyOf, QueryOf } from '../operation.ts'
import type { Request } from '../request/create-request.ts'
import type { CallOptions } from '../request/request-options.ts'
import type { DeliverySummary, WebhookEndpoint } from '../types.ts'
import { itemsOf } from './pages.ts'

const all = '/v1/webhook_endpoints'
const path = `${all}/{webhook_endpoint_id}` as const
const deliveriesPath = `${path}/deliveries` as const
const deliveryPath = `${deliveriesPath}/{delivery_id}` as const
type Query = NonNullable<QueryOf<'get', typeof all>>
type DeliveriesQuery = NonNullable<QueryOf<'get', typeof deliveriesPath>>

export function createWebhooks(request: Request) {
  const list = (query: Query = {}, call: CallOptions = {}) =>
    request('get', all, { ...call, query })
  const deliveries = (id: string, query: DeliveriesQuery = {}, call: CallOptions = {}) =>
    request('get', deliveriesPath, { ...call, path: { webhook_endpoint_id: id }, query })
  return {
    list,
    all: (call: CallOptions = {}): AsyncGenerator<WebhookEndpoint> =>
      itemsOf(
        (after) => list({ limit: 100, ...(after !== undefined && { after }) }, call),
        ({ id }) => id,
      ),
    get: (id: string, call: CallOptions = {}) =>
      request('get', path, { ...call, path: { webhook_endpoint_id: id } }),
    /** The reply has the secret, which no other reply shows. */
    create: (body: BodyOf<'post', typeof all>, call: CallOptions = {}) =>
      request('post', all, { ...call, body }),
    update: (id: string, body: BodyOf<'post', typeof path>, call: CallOptions = {}) =>
      request('post', path, { ...call, path: { webhook_endpoint_id: id }, body, repeatable: true }),
    delete: (id: string, call: CallOptions = {}) =>
      request('delete', path, { ...call, path: { webhook_endpoint_id: id } }),
    /** The types of events, without patterns such as `response.*`. */
    eventTypes: (call: CallOptions = {}) => request('get', '/v1/webhook_event_types', call),
    /** Gives the endpoint a new secret. With `keepOld`, events have both signatures for another day. */
    rotateSecret: (id: string, { keepOld, ...call }: { keepOld?: boolean } & CallOptions = {}) =>
      request('post', `${path}/rotate_secret`, {
        ...call,
        path: { webhook_endpoint_id: id },
        body: { keep_old_secret_active_for_24_hours: keepOld === true },
      }),
    /** Sends a sample event at once, and rejects if the endpoint does not answer. */
    test: (id: string, body: BodyOf<'post', `${typeof path}/test`>, call: CallOptions = {}) =>
      request('post', `${path}/test`, { ...call, path: { webhook_endpoint_id: id }, body }),
    /** One page of the deliveries of an endpoint, the newest first. */
    deliveries,
    allDeliveries: (
      id: string,
      query: DeliveriesQuery = {},
      call: CallOptions = {},
    ): AsyncGenerator<DeliverySummary> =>
      itemsOf(
        (after) =>
          deliveries(id, { ...query, ...(after !== undefined && { starting_after: after }) }, call),
        (delivery) => delivery.id,
      ),
    /** A delivery with its event and its attempts. */
    delivery: (id: string, delivery: string, call: CallOptions = {}) =>
      request('get', deliveryPath, {
        ...call,
        path: { webhook_endpoint_id: id, delivery_id: delivery },
      }),
    /** Sends an event again. */
    redeliver: (id: string, delivery: string, call: CallOptions = {}) =>
      request('post', `${deliveryPath}/redeliver`, {
        ...call,
        path: { webhook_endpoint_id: id, delivery_id: delivery },
      }),
    /** Sends the failed or missing events of a time again. */
    recover: (id: string, body: BodyOf<'post', `${typeof path}/recover`>, call: CallOptions = {}) =>
      request('post', `${path}/recover`, { ...call, path: { webhook_endpoint_id: id }, body }),
  }
}

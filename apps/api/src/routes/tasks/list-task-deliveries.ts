import { limits } from '@longhaul/core'
import { z } from 'zod'
import { json } from '../../reply-doc.ts'
import { parseQuery } from '../../request/parse-query.ts'
import type { Route } from '../../route.ts'
import { deliverySummary, DeliverySummary } from '../../webhooks/delivery-body.ts'
import { wholeNumber } from '../../webhooks/webhook-fields.ts'

const usual = 50

const TaskDeliveriesQuery = z.object({
  limit: wholeNumber(limits.listPage)
    .optional()
    .meta({ description: `The maximum number of deliveries in the page. Default: ${usual}.` }),
  starting_after: z.string().max(256).optional().meta({
    description: 'The `last_id` of the page before.',
  }),
})

const TaskDeliveriesReply = z.object({
  object: z.literal('list'),
  data: z.array(
    DeliverySummary.extend({
      name: z.string().meta({ description: 'The name of the endpoint; empty for an address.' }),
      url: z.string().meta({ description: 'Where the event is sent.' }),
    }),
  ),
  has_more: z.boolean().meta({ description: 'Whether older deliveries may follow this page.' }),
  last_id: z.string().nullable().meta({ description: 'Where the next page continues.' }),
})

/** Lists what was sent to webhook endpoints about a task. */
export const listTaskDeliveries: Route = {
  method: 'get',
  path: '/v2/agents/:agent_key/responses/:task_id/deliveries',
  doc: {
    operationId: 'listTaskDeliveries',
    tag: 'Webhooks',
    summary: 'List the deliveries of a task',
    description:
      'What endpoints, and addresses that requests have named, were notified of: the newest event first. A delivery is kept for 30 days, and as long as its endpoint and its task exist. `webhook_id` and `id` name it in the paths of deliveries.',
    query: TaskDeliveriesQuery,
    replies: { 200: json('A page of deliveries.', TaskDeliveriesReply) },
  },
  async handle({ workspace, params, query }, { tasks }) {
    const { limit = usual, starting_after: after } = parseQuery(TaskDeliveriesQuery, query)
    const named = { workspace, agent: params['agent_key'] ?? '', id: params['task_id'] ?? '' }
    const { items, more, last } = await tasks.deliveries(named, { limit, after })
    const data = items.map(({ delivery, webhook: { name, url } }) => ({
      ...deliverySummary(delivery),
      name,
      url,
    }))
    return { status: 200, body: { object: 'list', data, has_more: more, last_id: last ?? null } }
  },
}

import { invalid, isUlid, limits } from '@longhaul/core'
import { pageBody, pageReply, PageQuery } from '../../dialects/shared/page.ts'
import { PendingReviewReply, reviewBody } from '../../dialects/orq/responses/review-body.ts'
import { parseQuery } from '../../request/parse-query.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

const ReviewsQuery = PageQuery.pick({ limit: true, starting_after: true })

/** Lists the calls of a workspace that wait for a review. */
export const listReviews: Route = {
  method: 'get',
  path: '/v2/reviews',
  doc: {
    operationId: 'listReviews',
    tag: 'Responses',
    summary: 'List tool calls that wait for a review',
    description:
      'Lists the tool calls of all agents that wait for a review. The calls of the newest task are first.',
    query: ReviewsQuery,
    replies: { 200: json('A page of calls.', pageReply(PendingReviewReply)) },
  },
  async handle({ workspace, query, admit }, { tasks, agents }) {
    const { limit = limits.listPage, starting_after: after } = parseQuery(ReviewsQuery, query)
    const page = { limit, after: after === undefined ? undefined : positionOf(after) }
    const found = await tasks.reviews(workspace, page, admit)
    const keys = await agents.keysOf(workspace, new Set(found.items.map(({ agentId }) => agentId)))
    const body = pageBody(found, (review) => ({
      ...reviewBody(review),
      agent_key: keys.get(review.agentId),
    }))
    return { status: 200, large: true, body }
  },
}

function positionOf(cursor: string): { taskId: string; pos: number } {
  const [, taskId = '', pos] = /^([0-9A-Z]{26})\.(\d{1,15})$/.exec(cursor) ?? []
  if (isUlid(taskId)) return { taskId, pos: Number(pos) }
  throw invalid('starting_after', 'must be the _id of an item of the list')
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { PendingReview } from '@longhaul/client'
import type { Context } from '../../context.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure, UsageError } from '../../failure.ts'
import { formatDuration } from '../../output/durations.ts'
import type { Given } from '../../spec.ts'
import { parseJson } from '../shared/read-options.ts'
import { printList } from '../shared/print-list.ts'
import { take } from '../shared/take.ts'

export async function listReviews(
  given: Given,
  { client, out, interrupted }: Context,
): Promise<void> {
  const { reviews } = await client()
  const found = await take(reviews.all({ signal: interrupted }), given.number('limit') ?? 50)
  const list = {
    header: ['REVIEW', 'AGENT', 'SINCE', 'TOOL', 'ARGUMENTS'],
    row: ({ _id: id, ...review }: PendingReview) => [
      id,
      review.agent_key,
      formatDuration(Date.now() - Date.parse(review.requested_at)),
      review.tool_name,
      JSON.stringify(review.arguments),
    ],
    id: ({ _id: id }: PendingReview) => id,
    empty: 'No call waits for a person.',
  }
  printList(found, list, { given, out })
}

export async function approve(given: Given, context: Context): Promise<void> {
  const text = given.text('arguments')
  const replaced = text === undefined ? undefined : argumentsOf(text)
  const review = await find(given, context)
  const { reviews } = await context.client()
  const decided = await reviews.approve(review, {
    ...(replaced && { arguments: replaced }),
    signal: context.interrupted,
  })
  report(decided, context)
}

export async function reject(given: Given, context: Context): Promise<void> {
  const review = await find(given, context)
  const { reviews } = await context.client()
  const reason = given.text('reason')
  const options = { ...(reason !== undefined && { reason }), signal: context.interrupted }
  report(await reviews.reject(review, options), context)
}

function argumentsOf(text: string): Record<string, unknown> {
  const value = parseJson(text, '--arguments')
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>
  }
  throw new UsageError('--arguments must be a JSON object')
}

/** The call of an id: of a review, or of a task. A call of a task that still runs may come in a moment. */
async function find(
  given: Given,
  { client, interrupted: signal }: Context,
): Promise<PendingReview> {
  const [id = ''] = given.args
  const { reviews, tasks } = await client()
  for (;;) {
    const found = await search(id, reviews.all({ signal }))
    if (found !== undefined) return found
    const isTask = /^[0-9A-Z]{26}$/.test(id)
    const task = isTask ? await tasks.get(id, {}, { signal }) : undefined
    if (task?.status !== 'in_progress') {
      const hint = '`longhaul reviews list` shows what waits.'
      const exitCode = exitCodes.notFound
      throw new Failure(`no call of ${id} waits for a decision`, { exitCode, hint })
    }
    await sleep(200, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

async function search(
  id: string,
  all: AsyncIterable<PendingReview>,
): Promise<PendingReview | undefined> {
  const found: PendingReview[] = []
  for await (const review of all) {
    const { _id: own } = review
    if (own === id) return review
    if (review.task_id === id) found.push(review)
  }
  if (found.length <= 1) return found[0]
  const ids = found.map(({ _id: own, tool_name: tool }) => `${own} (${tool})`)
  throw new UsageError(`several calls of task ${id} wait`, `Name one: ${ids.join(', ')}`)
}

function report(
  decided: { tool_name: string; task_id: string; review: string },
  { out }: Context,
): void {
  if (out.json) out.document(decided)
  else out.print(`${decided.tool_name} of task ${decided.task_id} ${decided.review}`)
}

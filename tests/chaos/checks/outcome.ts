import type { Check } from './check-function.ts'
import { lossOfTask } from '../evidence/loss-of-task.ts'
import { findFaults } from '../evidence/find-faults.ts'
import type { Evidence, TaskEvidence } from '../evidence/evidence.ts'
import { type Expected, expectedOf } from '../evidence/expected.ts'

/** Every reply has the status, answer and usage of the script, and the log has one end. */
export const checkOutcome: Check = (task, evidence) => {
  const { client, final } = task
  if (final === undefined) return []
  const { facts, body } = final
  const expected = withLastTry(expectedOf(task, evidence), task, evidence)
  // A reply from before a failover is right as long as the end of the turn is not lost.
  const loss = lossOfTask(client, evidence)
  const isWhole = loss?.isUnbound !== true && !loss?.facts.some(({ type }) => ends.has(type))
  const found = facts.filter(({ type }) => ends.has(type))
  return [
    ...differences(body, expected).map((text) => `GET: ${text}`),
    ...(isWhole ? client.replies : []).flatMap(({ status, body: reply }) =>
      replyDifferences(status, reply, expected).map((text) => `POST: ${text}`),
    ),
    ...(isWhole && client.cancel?.status === 200
      ? differences(client.cancel.body, expected).map((text) => `the reply to a cancel: ${text}`)
      : []),
    ...(isParkedOverCancel(facts) ? ['it was parked over a cancel'] : []),
    ...(found.length === 1 ? [] : [`its log has ${found.length} ends`]),
    ...(facts.at(-1) === found[0] ? [] : ['its log has facts after the end']),
  ]
}

const ends = new Set(['turn.completed', 'turn.failed'])

/**
 * A task fails with 429 only if the last try of its model call got a 429. A fault that hits the last try makes it a 502,
 * and an outage makes it a 429.
 */
function withLastTry(expected: Expected, { client }: TaskEvidence, { faults }: Evidence): Expected {
  const { outcome } = expected
  const { submittedAt: from, endedAt: to = Infinity, replies } = client
  const hit = findFaults(faults, { from, to, of: 'model' }).length > 0
  if (outcome.status === 'completed' || outcome.code !== 'provider_failed' || !hit) return expected
  const received = [429, 502].find((code) => replies.every(({ status }) => status === code))
  return { ...expected, outcome: { ...outcome, httpStatus: received ?? outcome.httpStatus } }
}

/** Whether a turn was parked after a cancel that its worker must have read. */
function isParkedOverCancel(facts: { type: string }[]): boolean {
  const types = facts.map(({ type }) => type)
  const cancelled = types.indexOf('cancel.requested')
  return cancelled >= 0 && types.includes('turn.parked', cancelled)
}

type Body = Record<string, unknown>

function differences(body: Body, expected: Expected): string[] {
  const { outcome } = expected
  if (body['status'] !== outcome.status) {
    return [`${String(body['status'])} (${String(body['error'])}) and not ${outcome.status}`]
  }
  if (outcome.status === 'completed') return answerDifferences(body, expected)
  const error = String(body['error'])
  return [
    ...(error.split(':')[0] === outcome.code ? [] : [`the error is ${error}`]),
    ...usageDifferences(body, expected),
  ]
}

function replyDifferences(status: number, body: Body, expected: Expected): string[] {
  const { outcome } = expected
  const wanted = outcome.status === 'completed' ? 200 : outcome.httpStatus
  if (status !== wanted) return [`${status} ${String(body['message'])} and not ${wanted}`]
  return outcome.status === 'completed' ? answerDifferences(body, expected) : []
}

function answerDifferences(body: Body, expected: Expected): string[] {
  const { outcome } = expected
  if (outcome.status === 'failed') return []
  const [message] = body['output'] as { parts: { text?: string }[] }[]
  const text = message?.parts[0]?.text
  const reason = body['finish_reason']
  return [
    ...(reason === outcome.reason ? [] : [`it ended with ${String(reason)}`]),
    ...(text === outcome.text ? [] : [`the answer is ${JSON.stringify(text)}`]),
    ...usageDifferences(body, expected),
  ]
}

function usageDifferences(body: Body, { usage }: Expected): string[] {
  const told = body['usage'] as { prompt_tokens?: number; completion_tokens?: number } | undefined
  const { prompt_tokens: input, completion_tokens: output } = told ?? {}
  if (input === usage?.input && output === usage?.output) return []
  return [`usage ${input}/${output} and not ${usage?.input}/${usage?.output}`]
}

import type { Check } from '../check.ts'
import type { TaskScript } from '../script-task.ts'

/** Status, answer and usage are those of the script, for every reader, and the log has one end. */
export const checkOutcome: Check = ({ script, client, final }) => {
  if (final === undefined) return []
  const { facts, body } = final
  const ends = facts.filter(({ type }) => type === 'turn.completed' || type === 'turn.failed')
  const rising = facts.every(({ pos }, at) => at === 0 || pos > (facts[at - 1]?.pos ?? 0))
  return [
    ...differences(body, script).map((text) => `GET: ${text}`),
    ...client.replies.flatMap(({ status, body: reply }) =>
      replyDifferences(status, reply, script).map((text) => `POST: ${text}`),
    ),
    ...(ends.length === 1 ? [] : [`its log has ${ends.length} ends`]),
    ...(facts.at(-1) === ends[0] ? [] : ['its log goes on after the end']),
    ...(rising ? [] : ['the numbers of its log do not rise']),
  ]
}

type Body = Record<string, unknown>

function differences(body: Body, script: TaskScript): string[] {
  const { outcome } = script
  if (body['status'] !== outcome.status) {
    return [`${String(body['status'])} (${String(body['error'])}) and not ${outcome.status}`]
  }
  if (outcome.status === 'completed') return answerDifferences(body, script)
  const error = String(body['error'])
  return [
    ...(error.startsWith('provider_failed: ') ? [] : [`the error is ${error}`]),
    ...usageDifferences(body, script),
  ]
}

function replyDifferences(status: number, body: Body, script: TaskScript): string[] {
  const { outcome } = script
  const expected = outcome.status === 'completed' ? 200 : outcome.httpStatus
  if (status !== expected) return [`${status} ${String(body['message'])} and not ${expected}`]
  return outcome.status === 'completed' ? answerDifferences(body, script) : []
}

function answerDifferences(body: Body, script: TaskScript): string[] {
  const [message] = body['output'] as { parts: { text?: string }[] }[]
  const text = message?.parts[0]?.text
  const expected = script.outcome.status === 'completed' ? script.outcome.text : ''
  return [
    ...(body['finish_reason'] === 'stop' ? [] : [`it ended with ${String(body['finish_reason'])}`]),
    ...(text === expected ? [] : [`the answer is ${JSON.stringify(text)}`]),
    ...usageDifferences(body, script),
  ]
}

function usageDifferences(body: Body, { usage }: TaskScript): string[] {
  const told = body['usage'] as { prompt_tokens?: number; completion_tokens?: number } | undefined
  const { prompt_tokens: input, completion_tokens: output } = told ?? {}
  if (input === usage.input && output === usage.output) return []
  return [`usage ${input}/${output} and not ${usage.input}/${usage.output}`]
}

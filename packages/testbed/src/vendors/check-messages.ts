import { listOf } from './scripted-wire.ts'

/**
 * Why OpenAI's chat completions refuse these messages, as it does: the results of calls follow their calls
 * directly, each once, and are text.
 */
export function problemOf(messages: Record<string, unknown>[]): string | undefined {
  let unanswered = new Set<unknown>()
  for (const [at, message] of messages.entries()) {
    if (message['role'] === 'tool') {
      const problem = problemOfResult(message, unanswered)
      if (problem !== undefined) return `messages[${at}]: ${problem}`
      continue
    }
    if (unanswered.size > 0) return `messages[${at}]: ${missing(unanswered)}`
    const calls = listOf(message['tool_calls'])
    unanswered = new Set(calls.map(({ id }) => id))
    if (unanswered.size < calls.length) return `messages[${at}]: two calls have one id`
  }
  return unanswered.size === 0 ? undefined : `messages: ${missing(unanswered)}`
}

/** Removes the result's call from the unanswered ones. */
function problemOfResult(
  { tool_call_id: id, content }: Record<string, unknown>,
  unanswered: Set<unknown>,
): string | undefined {
  if (!unanswered.delete(id)) return `no call before it has the id ${String(id)}`
  const isText = typeof content === 'string' || listOf(content).every(({ type }) => type === 'text')
  return isText ? undefined : 'a result is text'
}

function missing(unanswered: Set<unknown>): string {
  return `no result for the calls ${[...unanswered].join(', ')}`
}

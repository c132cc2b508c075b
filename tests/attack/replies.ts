import type { Finding } from './attack.ts'
import type { Reply } from './client.ts'

/**
 * Checks the replies to excessive requests. A reply may be a success, a refusal of a faulty request, or a refusal
 * by a limit with a time for the retry. It is never a server error, and it is never missing.
 */
export function checkReplies(replies: Reply[]): Finding {
  return { seen: summary(replies), wrong: [...new Set(replies.flatMap(problemOf))] }
}

function problemOf({ status, text, retryAfter }: Reply): string[] {
  if (status === 0) return [`a request got no reply: ${text.slice(0, 200)}`]
  if (status === 503 || status === 429) {
    return retryAfter ? [] : [`a ${status} does not say when to come again`]
  }
  return status >= 500 ? [`a request was answered ${status}: ${text.slice(0, 200)}`] : []
}

/** The counts of replies by status, and the time of the slowest. */
export function summary(replies: Reply[]): string {
  const counts = new Map<number, number>()
  for (const { status } of replies) counts.set(status, (counts.get(status) ?? 0) + 1)
  const statuses = [...counts].map(([status, count]) => `${status || 'no reply'} × ${count}`)
  const slowest = Math.round(Math.max(0, ...replies.map(({ ms }) => ms)))
  return `${statuses.join(', ')}, slowest ${slowest} ms`
}

import type { Finding } from './attack.ts'
import type { Reply } from './client.ts'

/**
 * What replies to a request may be that asks too much: done, or refused by the request's own fault or by
 * a limit that says when to come again. Never an error of the server's, and never no reply.
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

/** How often there was which status, and how long the slowest took. */
export function summary(replies: Reply[]): string {
  const counts = new Map<number, number>()
  for (const { status } of replies) counts.set(status, (counts.get(status) ?? 0) + 1)
  const statuses = [...counts].map(([status, count]) => `${status || 'no reply'} × ${count}`)
  const slowest = Math.round(Math.max(0, ...replies.map(({ ms }) => ms)))
  return `${statuses.join(', ')}, slowest ${slowest} ms`
}

import { hash } from 'node:crypto'
import { invalid } from '@longhaul/core'
import { canonicalJson } from '@longhaul/tasks'
import type { Request } from 'express'
import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'

/**
 * The `Idempotency-Key` of a request and a fingerprint of its content, which distinguishes a repeat from another
 * request with the same key; undefined without a key. Some clients send no key, but name the work that they repeat.
 */
export function idempotencyOf(
  { headers }: Pick<Request, 'headers'>,
  asked: unknown,
): { key: string; fingerprint: string } | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) {
    const work = workOf(headers)
    if (work === undefined) return undefined
    const fingerprint = hash('sha256', canonicalJson(asked))
    return { key: hash('sha256', JSON.stringify([work, fingerprint])), fingerprint }
  }
  // Node joins several such headers into one text with spaces.
  if (typeof key !== 'string' || !isKey.test(key)) {
    throw invalid('Idempotency-Key', 'must be 1 to 255 visible ASCII characters, sent once')
  }
  return { key, fingerprint: hash('sha256', canonicalJson(asked)) }
}

const isKey = /^[\x21-\x7e]{1,255}$/

export const IdempotencyHeader = z.object({
  'Idempotency-Key': z.string().regex(isKey).optional().meta({
    description:
      'A key that makes a retry safe for 24 hours. Requests with the same key and the same body create one turn, and the reply to a repeat has the header `Idempotent-Replayed: true`.',
  }),
})

/**
 * The clients that repeat a failed request by themselves with the same body, and the header that is the same in each
 * repeat. Codex names its turn, opencode its session: its next request in a session has a longer body.
 */
const repeaters: { agent: RegExp; header: string; nameIn: (value: string) => unknown }[] = [
  { agent: /^codex/i, header: 'x-codex-turn-metadata', nameIn: turnIdIn },
  { agent: /^opencode\//i, header: 'x-session-id', nameIn: (id) => id },
]

/** The work of which a request of such a client is a part; undefined for all other requests. */
function workOf(headers: IncomingHttpHeaders): string | undefined {
  for (const { agent, header, nameIn } of repeaters) {
    const value = headers[header]
    if (typeof value !== 'string' || !agent.test(headers['user-agent'] ?? '')) continue
    const name = nameIn(value)
    return typeof name === 'string' && name !== '' ? `${header} ${name}` : undefined
  }
  return undefined
}

function turnIdIn(metadata: string): unknown {
  try {
    return (JSON.parse(metadata) as { turn_id?: unknown } | null)?.turn_id
  } catch {
    return undefined
  }
}

import { hash } from 'node:crypto'
import { invalid } from '@longhaul/core'
import { canonicalJson } from '@longhaul/tasks'
import type { Request } from 'express'
import { z } from 'zod'
import { type Asked, repeatKeyOf } from './repeat-key.ts'

/**
 * The `Idempotency-Key` of a request and a fingerprint of its content, which distinguishes a repeat from another
 * request with the same key; undefined without a key. Some clients send no key, but name the work that they repeat.
 */
export function idempotencyOf(
  { headers }: Pick<Request, 'headers'>,
  asked: Asked,
): { key: string; fingerprint: string } | undefined {
  const key = sentKeyOf({ headers })
  if (key === undefined) return repeatKeyOf(headers, asked)
  return { key, fingerprint: hash('sha256', canonicalJson(asked)) }
}

/** The `Idempotency-Key` of a request without content. */
export function sentKeyOf({ headers }: Pick<Request, 'headers'>): string | undefined {
  const key = headers['idempotency-key']
  // Node joins several such headers into one text with spaces.
  if (key === undefined || (typeof key === 'string' && isKey.test(key))) return key
  throw invalid('Idempotency-Key', 'must be 1 to 255 visible ASCII characters, sent once')
}

/** The header of the reply to a repeat. */
export const replayedHeader = { 'idempotent-replayed': 'true' }

const isKey = /^[\x21-\x7e]{1,255}$/

export const idempotencyKey = z.string().regex(isKey).optional()

export const IdempotencyHeader = z.object({
  'Idempotency-Key': idempotencyKey.meta({
    description:
      'A key that makes a retry safe for 24 hours. Requests with the same key and the same body create one turn, and the reply to a repeat has the header `Idempotent-Replayed: true`.',
  }),
})

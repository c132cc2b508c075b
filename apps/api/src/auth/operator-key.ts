import { hash, timingSafeEqual } from 'node:crypto'
import type { UnknownKeys } from '@longhaul/core'

/** Compares a text with the operator's key in constant time. Without an operator key, no text matches. */
export function createOperatorKey(
  key: string | undefined,
  unknownKeys: UnknownKeys,
): (bearer: string, address?: string) => boolean {
  const expected = key === undefined ? undefined : sha256(key)
  return (bearer, address) => {
    if (expected !== undefined && timingSafeEqual(sha256(bearer), expected)) return true
    unknownKeys.refuse(address)
    unknownKeys.unknown(address)
    return false
  }
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}

import type { HttpHeader } from '@longhaul/core'

/** Removes secret headers. A call looks secrets up when it is made, so that a new secret is used at once. */
export function withoutSecrets(headers: Record<string, HttpHeader>): Record<string, HttpHeader> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : { sealed: '' },
    ]),
  )
}

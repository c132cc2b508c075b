import type { HttpHeader } from '@longhaul/core'

/** Secrets are looked up when a call is made, so that a new one counts at once. */
export function withoutSecrets(headers: Record<string, HttpHeader>): Record<string, HttpHeader> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : { sealed: '' },
    ]),
  )
}

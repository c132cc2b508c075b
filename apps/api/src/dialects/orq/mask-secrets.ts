import { isSecret } from '@longhaul/core'
import { mask } from '@longhaul/tasks'

/** Variables with their secrets masked. */
export function maskSecrets(variables: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      isSecret(value) ? { secret: true, value: mask } : value,
    ]),
  )
}

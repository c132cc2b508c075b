import { invalid } from '@longhaul/core'
import type { Vault } from '@longhaul/outbound'
import type { Seal } from '@longhaul/tasks'

/** Seals secrets for the workers of a workspace. Without a secret key the error names who can help. */
export function createSeal(vault: Vault): Seal {
  return (secret, { workspace, path }) => {
    if (vault.available) return vault.seal(secret, workspace)
    throw invalid(
      path,
      'is a secret, and none can be kept: the operator must set LONGHAUL_SECRET_KEY',
    )
  }
}

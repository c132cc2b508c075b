import type { Watchable } from '@longhaul/core'

/** What a route asks of its caller: `workspace` for what belongs to one, `watch` for the events of a task, `operator` for what concerns all. */
export type Scope = 'workspace' | 'watch' | 'operator'

/** Who calls: the holder of a workspace's key, the holder of a watch token, or the operator. */
export type Principal = { scopes: readonly Scope[] } & (
  | {
      type: 'key'
      workspace: string
      /** The public id of the key. */
      keyId: string
      /** Whether the key was removed since. False while that cannot be told. */
      isRevoked: () => Promise<boolean>
    }
  | {
      type: 'watch-token'
      workspace: string
      /** The only thing that may be read. */
      watches: Watchable
      tokenHash: string
    }
  | { type: 'operator' }
)

/** The scopes that each type of principal has. */
export const scopesOf = {
  key: ['workspace', 'watch'],
  'watch-token': ['watch'],
  operator: ['operator'],
} as const satisfies Record<Principal['type'], readonly Scope[]>

/** The workspace and the key of a caller, as far as there are any. */
export function identityOf(principal: Principal | undefined): {
  workspace?: string
  keyId?: string
} {
  if (principal === undefined || principal.type === 'operator') return {}
  const { workspace } = principal
  return principal.type === 'key' ? { workspace, keyId: principal.keyId } : { workspace }
}

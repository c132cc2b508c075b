import type { Watchable } from '@longhaul/core'

/**
 * The scope that a route requires: `workspace` for the data of one workspace, `watch` for the events of a task,
 * `operator` for all workspaces.
 */
export type Scope = 'workspace' | 'watch' | 'operator'

/** The caller: the holder of a workspace's key, the holder of a watch token, or the operator. */
export type Principal = { scopes: readonly Scope[] } & (
  | {
      type: 'key'
      workspace: string
      /** The public id of the key. */
      keyId: string
      /** Returns the key itself. A function, so that no log line contains it. */
      bearer: () => string
      /** Whether the key has been removed. False while that is unknown. */
      isRevoked: () => Promise<boolean>
    }
  | {
      type: 'watch-token'
      workspace: string
      /** The only task whose events may be read. */
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

/** The workspace and the key id of a caller, if there are any. */
export function identityOf(principal: Principal | undefined): {
  workspace?: string
  keyId?: string
} {
  if (principal === undefined || principal.type === 'operator') return {}
  const { workspace } = principal
  return principal.type === 'key' ? { workspace, keyId: principal.keyId } : { workspace }
}

/** The key that makes a change, as the changed object names it. */
export function changedBy({ workspace, principal }: { workspace: string; principal: Principal }): {
  keyId: string
} {
  return { keyId: identityOf(principal).keyId ?? workspace }
}

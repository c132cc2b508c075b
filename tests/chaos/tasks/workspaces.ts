import { testKey } from '@longhaul/testbed/servers'

/** The workspaces of a run, and a key of each. */
export const workspaceKeys = {
  chaos: testKey,
  limited: 'lh_1111000011110000_for-tests-only',
  noisy: 'lh_2222000022220000_for-tests-only',
}
export type WorkspaceName = keyof typeof workspaceKeys

/** The workspace of most tasks. It has no limits, and it is never paused. */
const usualWorkspace = 'chaos'

/** The workspaces whose limits change and which are paused. The second one sends many short tasks at once. */
export const limitedWorkspaces = ['limited', 'noisy'] as const

export function keyOf({ workspace = usualWorkspace }: { workspace?: WorkspaceName }): string {
  return workspaceKeys[workspace]
}

import { type BoundConversation, type Conversations, limits, workspaceFull } from '@longhaul/core'
import { hash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { workspaceKeys } from './keys.ts'
import { loadScript, runScript } from './script.ts'
import { guarded } from './unavailable.ts'

const script = loadScript('bind-conversation')

/** Conversations, each a string that says which task goes on with it. */
export function createConversations(
  redis: Redis,
  { conversations: most }: { conversations: number } = limits.workspace,
): Conversations {
  return {
    async find(workspace, id) {
      const key = workspaceKeys(workspace).conversation(hashOf(id))
      return read(await guarded(() => redis.get(key)))
    },

    async bind(workspace, id, to, { seen, ms }) {
      const [names, idHash] = [workspaceKeys(workspace), hashOf(id)]
      const keys = [names.conversation(idHash), names.conversations]
      const args = [seen === undefined ? '' : write(seen), write(to), ms, idHash, most]
      const bound = (await runScript(redis, script, keys, args)) as string
      if (bound === '') throw workspaceFull('conversations')
      return read(bound) ?? to
    },
  }
}

/** The same for the same, so that the script can compare it. */
function write({ taskId, copies }: BoundConversation): string {
  return JSON.stringify({ taskId, ...(copies !== undefined && { copies }) })
}

function read(text: string | null): BoundConversation | undefined {
  return text === null ? undefined : (JSON.parse(text) as BoundConversation)
}

/** Of one length, however long the id is. */
function hashOf(id: string): string {
  return hash('sha256', id)
}

import type { BoundConversation, Conversations } from '@longhaul/core'
import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { workspaceKeys } from './keys.ts'
import { loadScript, runScript } from './script.ts'
import { guarded } from './unavailable.ts'

const script = loadScript('bind-conversation')

/** Conversations, each a string that says which task goes on with it. */
export function createConversations(redis: Redis): Conversations {
  return {
    async find(workspace, id) {
      return read(await guarded(() => redis.get(nameOf(workspace, id))))
    },

    async bind(workspace, id, to, { seen, ms }) {
      const args = [seen === undefined ? '' : write(seen), write(to), ms]
      return read((await runScript(redis, script, [nameOf(workspace, id)], args)) as string) ?? to
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
function nameOf(workspace: string, id: string): string {
  return workspaceKeys(workspace).conversation(createHash('sha256').update(id).digest('hex'))
}

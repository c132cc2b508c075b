import { type BoundConversation, type Conversations, limits, workspaceFull } from '@longhaul/core'
import { hash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { workspaceKeys } from '../connection/keys.ts'
import { maybe, object, text } from '../connection/parser.ts'
import { guarded } from '../connection/unavailable.ts'
import { bindConversationScript } from '../lua/registry/bind-conversation.ts'
import { runScript } from '../lua/run-script.ts'

/** Conversations in Redis, each a string that names the task that continues it. */
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
      const [keys, idHash] = [workspaceKeys(workspace), hashOf(id)]
      const call = bindConversationScript.call(
        { conversation: keys.conversation(idHash), conversations: keys.conversations },
        {
          seen: seen === undefined ? '' : write(seen),
          target: write(to),
          keepForMs: ms,
          hash: idHash,
          maxConversations: most,
        },
      )
      const bound = await runScript(redis, call)
      if (bound === '') throw workspaceFull('conversations')
      return read(bound) ?? to
    },
  }
}

/** The text of a binding. Equal bindings have equal texts, so the script can compare them. */
function write({ taskId, copies }: BoundConversation): string {
  return JSON.stringify({ taskId, ...(copies !== undefined && { copies }) })
}

function read(json: string | null): BoundConversation | undefined {
  return json === null ? undefined : boundConversation(JSON.parse(json))
}

const boundConversation = object({ taskId: text, copies: maybe(text) })

/** The hash of an id, whose length does not depend on the id. */
function hashOf(id: string): string {
  return hash('sha256', id)
}

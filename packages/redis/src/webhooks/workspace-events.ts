import { limits, type TakenEvent, WorkspaceEvent, type WorkspaceEvents } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { deliveryKeys, workspaceKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'
import { toStored } from '../log/to-stored.ts'
import { runScript } from '../lua/run-script.ts'
import { takeDueScript } from '../lua/task/take-due.ts'
import { noteWorkspaceEventScript } from '../lua/webhooks/note-workspace-event.ts'
import type { createListeners } from './listeners.ts'

const { batch, again: againMs, sweep } = limits.webhooks

/**
 * Events outside of tasks. They are noted in the slot of their workspace; `noted` names the workspaces that have some. A
 * name that is lost, because a process died, is found again by a sweep.
 */
export function createWorkspaceEvents(
  redis: Redis,
  { listeners }: { listeners: ReturnType<typeof createListeners> },
): WorkspaceEvents {
  const { noted, swept } = deliveryKeys()
  const tell = async (workspaces: string[]): Promise<void> => {
    if (workspaces.length > 0) await guarded(() => redis.sadd(noted, ...workspaces))
  }

  async function take(workspace: string): Promise<TakenEvent[]> {
    const { events } = workspaceKeys(workspace)
    const call = takeDueScript.call({ set: events }, { clockTime: '', againMs, limit: batch })
    const texts = await runScript(redis, call)
    return texts.map((text) => ({ text, event: WorkspaceEvent.parse(JSON.parse(text)) }))
  }

  return {
    async emit(workspace, event) {
      const { webhooks, events } = workspaceKeys(workspace)
      const call = noteWorkspaceEventScript.call({ webhooks, events }, { event: toStored(event) })
      if (await runScript(redis, call)) await tell([workspace])
    },

    async take() {
      const isTurn = await guarded(() => redis.set(swept, '1', 'PX', sweep, 'NX'))
      if (isTurn !== null) {
        const all = await listeners.workspaces()
        const left = await Promise.all(all.map((each) => hasEvents(redis, each)))
        await tell(all.filter((_, at) => left[at]))
      }
      const workspaces = await guarded(() => redis.spop(noted, batch))
      const taken = workspaces.map(async (workspace) => ({
        workspace,
        events: await take(workspace),
      }))
      return await Promise.all(taken)
    },

    async done(workspace, { text }) {
      await guarded(() => redis.zrem(workspaceKeys(workspace).events, text))
    },

    async leave(workspace) {
      if (await hasEvents(redis, workspace)) await tell([workspace])
    },
  }
}

async function hasEvents(redis: Redis, workspace: string): Promise<boolean> {
  return (await guarded(() => redis.exists(workspaceKeys(workspace).events))) === 1
}

/** Names a workspace whose script may have noted an event. A name that is lost is found by the sweep. */
export async function tellNoted(redis: Redis, workspace: string): Promise<void> {
  const tell = async () => {
    if (await hasEvents(redis, workspace)) {
      await guarded(() => redis.sadd(deliveryKeys().noted, workspace))
    }
  }
  await tell().catch(() => {})
}

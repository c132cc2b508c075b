import {
  type Agent,
  type DeletedAgent,
  limits,
  noAgent,
  type PlanStore,
  timeOf,
} from '@longhaul/core'
import type { TasksOfDeletedAgent } from '../end/tasks-of-deleted-agent.ts'
import { createShortLivedCache } from '../lib/short-lived-cache.ts'
import { orRepeat } from '../lib/when-unavailable.ts'
import { createResolver, type LeftOut, versioned } from '../plan/resolver.ts'
import { agentKind, type AgentKindPorts } from './agent-kind.ts'
import { notFound } from './change-registered.ts'
import { registryVerbs } from './registry-verbs.ts'

export type Agents = ReturnType<typeof createAgents>

type Ports = AgentKindPorts & {
  plans: PlanStore
  /** The time limit of a whole turn, and the retention of an ended task, milliseconds. */
  turnDeadlineMs: number
  retentionMs: number
  tasksOfDeleted: TasksOfDeletedAgent
  /** Receives every change, so that other processes drop their cached plans. */
  notifications?: { changed: (workspace: string) => void }
  leftOut?: (left: LeftOut) => void
}

/** The verbs on agents. `ref` is a key or an id; where documented, with or without `@version`. */
export function createAgents(ports: Ports) {
  const { agents, now, tasksOfDeleted, notifications } = ports
  const resolver = createResolver(ports)
  /** Ids of agents that exist. */
  const recent = createShortLivedCache<string | undefined>({
    lifetime: limits.remembered.time,
    size: limits.remembered.agents,
    now,
    keep: (id) => id !== undefined,
  })

  function purge(workspace: string) {
    resolver.purge(workspace)
    recent.purge(`${workspace} `)
  }

  function changed(workspace: string) {
    purge(workspace)
    notifications?.changed(workspace)
  }

  return {
    ...registryVerbs(agentKind(ports), { registry: agents, now, changed }),

    /** With or without `@version`. */
    async get(workspace: string, ref: string): Promise<Agent> {
      const agent = await agents.get(workspace, ...versioned(ref))
      if (agent === undefined) throw notFound('Agent', ref)
      return agent
    },

    /** Deletes an agent. Its key is free at once. Its tasks are cancelled and stay readable, or are deleted. */
    async remove(
      workspace: string,
      ref: string,
      { tasks }: Pick<DeletedAgent, 'tasks'> = { tasks: 'cancel' },
    ): Promise<void> {
      const id = await agents.idOf(workspace, ref)
      if (id === undefined) throw notFound('Agent', ref)
      const deleted = { agentId: id, tasks }
      await orRepeat('Delete it again: not found means that it is gone.', async () => {
        // The marks come first: after them, the tasks are ended even if this process dies.
        await tasksOfDeleted.mark(deleted)
        // An agent that is gone is no error: this may repeat a removal whose reply was lost.
        await agents.remove(workspace, id, { keepName: tasks === 'cancel' })
        changed(workspace)
        await tasksOfDeleted.begin(deleted)
      })
    },

    /** The id of an agent that exists. `ref` is with or without `@version`, which is not looked up. */
    identify: (workspace: string, ref: string): Promise<string | undefined> =>
      agents.idOf(workspace, versioned(ref)[0]),

    /** The same, for reads of tasks: a change by another process may stay unseen for a moment. */
    identifyRecent: (workspace: string, ref: string): Promise<string | undefined> => {
      const [plain] = versioned(ref)
      return recent.get(`${workspace} ${plain}`, () => agents.idOf(workspace, plain))
    },

    /** An agent that exists, or a deleted one whose name is still known. */
    async find(
      workspace: string,
      ref: string,
    ): Promise<{ id: string; deleted: boolean } | undefined> {
      const [plain] = versioned(ref)
      const id = await agents.idOf(workspace, plain)
      if (id !== undefined) return { id, deleted: false }
      const former = await agents.former(workspace, plain)
      return former && { id: former.id, deleted: true }
    },

    /** Whether a task's agent was deleted. */
    wasDeleted: async (workspace: string, id: string): Promise<boolean> =>
      id !== noAgent && (await agents.idOf(workspace, id)) === undefined,

    /** The key of each agent, also of a deleted one; its id where no key is known. */
    async keysOf(workspace: string, ids: Iterable<string>): Promise<Map<string, string>> {
      const keyOf = async (id: string) =>
        (await agents.keyOf(workspace, id)) ?? (await agents.former(workspace, id))?.key ?? id
      return new Map(await Promise.all([...ids].map(async (id) => [id, await keyOf(id)] as const)))
    },

    /** The keys of all agents, with the times of their creation, the newest first. */
    async names(workspace: string): Promise<{ key: string; createdAt: number }[]> {
      const names = await agents.keys(workspace)
      return names.map(({ id, key }) => ({ key, createdAt: timeOf(id) }))
    },

    ...resolver,
    purge,
    clear: (): void => {
      resolver.clear()
      recent.clear()
    },
  }
}

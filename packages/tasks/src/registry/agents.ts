import { createContentBudget } from '@longhaul/content'
import { invalid, noAgent, timeOf } from '@longhaul/core'
import type {
  Agent,
  DeletedAgent,
  McpServer,
  Page,
  PageRequest,
  PlanStore,
  Registry,
  StoredTool,
} from '@longhaul/core'
import { plainFieldsOf } from './agent-input.ts'
import type { AgentInput, AgentPatch } from './agent-input.ts'
import { alreadyExists, changeRegistered, notFound, refuseLarge } from './change-registered.ts'
import { firstVersion } from './next-version.ts'
import { orRepeat } from '../lib/when-unavailable.ts'
import { prepareTools } from './prepare-tools.ts'
import { refuseUnsupported } from './refuse-unsupported.ts'
import { resolvePlan } from '../plan/resolve-plan.ts'
import {
  createResolver,
  type LeftOut,
  serversOf,
  storedTools,
  versioned,
} from '../plan/resolver.ts'
import type { Seal } from '../secrets/seal.ts'
import { sealVariables } from '../secrets/seal-variables.ts'
import type { TasksOfDeletedAgent } from '../end/tasks-of-deleted-agent.ts'

export type Agents = ReturnType<typeof createAgents>

type Ports = {
  agents: Registry<Agent>
  tools: Registry<StoredTool>
  servers: Registry<McpServer>
  plans: PlanStore
  /** How long a turn may take in all, and how long an ended task is kept, milliseconds. */
  turnDeadlineMs: number
  retentionMs: number
  newId: () => string
  now: () => number
  seal: Seal
  tasksOfDeleted: TasksOfDeletedAgent
  /** Told of every change, so that other processes forget what they have resolved. */
  hints?: { changed: (workspace: string) => void }
  leftOut?: (left: LeftOut) => void
}

/** These words stand where a key stands in paths of the same API. */
const reservedKeys = new Set(['run', 'stream-run', 'a2a'])

/** The verbs on agents. `ref` is a key or an id; where it says so, with or without `@version`. */
export function createAgents(ports: Ports) {
  const { agents, tools, servers, newId, now, seal, tasksOfDeleted, hints } = ports
  const resolver = createResolver(ports)

  function changed(workspace: string) {
    resolver.forget(workspace)
    hints?.changed(workspace)
  }

  return {
    async create(workspace: string, input: AgentInput): Promise<Agent> {
      refuseReserved(input.key)
      refuseUnsupported(input)
      // A key that is taken must not leave the tools behind that were defined within the agent.
      if ((await agents.idOf(workspace, input.key)) !== undefined) {
        throw alreadyExists('Agent', input.key)
      }
      const budget = createContentBudget(workspace)
      const own = { ...ports, workspace, path: input.path }
      const prepared = await prepareTools(input.tools, own, budget)
      const time = now()
      const agent: Agent = {
        ...plainFieldsOf(input),
        ...(input.systemPrompt !== undefined && { systemPrompt: input.systemPrompt }),
        id: newId(),
        version: firstVersion,
        createdAt: time,
        updatedAt: time,
        variables: sealVariables(input.variables, { workspace, seal }),
        tools: prepared.tools,
        echo: withoutNulls(input.echo),
      }
      await resolvePlan(agent, prepared.stored, { servers: prepared.servers, budget })
      refuseLarge(agent, 'Agent')
      await prepared.store()
      const outcome = await agents.create(workspace, agent)
      if (outcome === 'taken') throw alreadyExists('Agent', agent.key)
      changed(workspace)
      return agent
    },

    /** With or without `@version`. */
    async get(workspace: string, ref: string): Promise<Agent> {
      const agent = await agents.get(workspace, ...versioned(ref))
      if (agent === undefined) throw notFound('Agent', ref)
      return agent
    },

    list: (workspace: string, page: PageRequest): Promise<Page<Agent>> =>
      agents.list(workspace, page),

    async update(workspace: string, ref: string, patch: AgentPatch): Promise<Agent> {
      if (patch.key !== undefined) refuseReserved(patch.key)
      refuseUnsupported(patch)
      const { versionIncrement, versionDescription } = patch
      const budget = createContentBudget(workspace)
      const agent = await changeRegistered(
        agents,
        { workspace, ref },
        {
          what: 'Agent',
          now,
          versionIncrement,
          versionDescription,
          async change(current) {
            const next = merged(current, patch)
            if (patch.variables !== undefined) {
              const sealed = { workspace, current: current.variables, seal }
              next.variables = sealVariables(patch.variables, sealed)
            }
            const { path } = next
            const own = { ...ports, workspace, path }
            const prepared = patch.tools && (await prepareTools(patch.tools, own, budget))
            if (prepared !== undefined) next.tools = prepared.tools
            const stored = prepared?.stored ?? (await storedTools(workspace, next, tools))
            await resolvePlan(next, stored, {
              servers: prepared?.servers ?? (await serversOf(workspace, next, servers)),
              budget,
            })
            await prepared?.store()
            return next
          },
        },
      )
      changed(workspace)
      return agent
    },

    /** Its key is free at once. Its tasks are cancelled and stay readable, or are deleted. */
    async remove(
      workspace: string,
      ref: string,
      { tasks }: Pick<DeletedAgent, 'tasks'> = { tasks: 'cancel' },
    ): Promise<void> {
      const id = await agents.idOf(workspace, ref)
      if (id === undefined) throw notFound('Agent', ref)
      const deleted = { agentId: id, tasks }
      await orRepeat('Delete it again: not found means that it is gone.', async () => {
        // First: after the marks, the tasks are ended whatever happens to this process.
        await tasksOfDeleted.mark(deleted)
        // Gone already is as good: this may be the repeat of a removal whose reply was lost.
        await agents.remove(workspace, id, { keepName: tasks === 'cancel' })
        changed(workspace)
        await tasksOfDeleted.begin(deleted)
      })
    },

    /** The id of an agent that exists. With or without `@version`, which is not looked up. */
    identify: (workspace: string, ref: string): Promise<string | undefined> =>
      agents.idOf(workspace, versioned(ref)[0]),

    /** An agent that exists, or one that was deleted and whose name is still known. */
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

    /** Whether a task's agent does not exist any more. */
    wasDeleted: async (workspace: string, id: string): Promise<boolean> =>
      id !== noAgent && (await agents.idOf(workspace, id)) === undefined,

    /** What tasks of these agents are found under: the key of each, or that of a deleted one, or its id. */
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
  }
}

function refuseReserved(key: string) {
  if (reservedKeys.has(key)) throw invalid('agent.key', `${key} is reserved`)
}

function merged(current: Agent, patch: AgentPatch): Agent {
  const { systemPrompt, echo } = patch
  const next: Agent = {
    ...current,
    ...plainFieldsOf(patch),
    ...(typeof systemPrompt === 'string' && { systemPrompt }),
    ...(patch.approval && { approval: { ...current.approval, ...patch.approval } }),
    echo: withoutNulls({ ...current.echo, ...echo }),
  }
  if (systemPrompt === null) delete next.systemPrompt
  return next
}

function withoutNulls(echo: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(echo).filter(([, value]) => value != null))
}

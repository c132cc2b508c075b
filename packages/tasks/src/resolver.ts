import { type Agent, invalid, isBuiltin, limits, type Plan, type PlanStore } from '@longhaul/core'
import type { McpServer, Registry, StoredTool } from '@longhaul/core'
import { createBriefCache } from './brief-cache.ts'
import { planHash } from './plan-hash.ts'
import { planLifetime } from './plan-lifetime.ts'
import { resolvePlan, type Team } from './resolve-plan.ts'

/** An agent pinned for a turn: the plan is stored under its hash already. */
export type ResolvedAgent = { agentId: string; planHash: string; plan: Plan }

export type Resolver = ReturnType<typeof createResolver>

type Ports = {
  agents: Pick<Registry<Agent>, 'get'>
  tools: Registry<StoredTool>
  servers: Registry<McpServer>
  plans: PlanStore
  now: () => number
  /** How long a turn may take in all, and how long an ended task is kept, milliseconds. */
  turnDeadlineMs: number
  retentionMs: number
}

/** How long another process's change may go unnoticed where its hint is lost, and how many plans wait for it. */
const remembered = { lifetime: limits.remembered.time, size: limits.remembered.agents }

/** Resolves agents to plans. */
export function createResolver({ agents, tools, servers, plans, now, ...times }: Ports) {
  const resolved = createBriefCache<ResolvedAgent | undefined>({
    ...remembered,
    now,
    keep: (value) => value !== undefined,
  })

  return {
    /** With or without `@version`; undefined when there is none. Rejects with invalid when it could not run. */
    resolve: (workspace: string, ref: string): Promise<ResolvedAgent | undefined> =>
      resolved.get(`${workspace} ${ref}`, async () => {
        const agent = await agents.get(workspace, ...versioned(ref))
        if (agent === undefined) return undefined
        const [stored, team, found] = await Promise.all([
          storedTools(workspace, agent, tools),
          teamOf(workspace, agent, agents),
          serversOf(workspace, agent, servers),
        ])
        const plan = resolvePlan(agent, stored, { team, servers: found })
        const hash = planHash(plan)
        await plans.put(workspace, hash, plan, planLifetime(times))
        return { agentId: agent.id, planHash: hash, plan }
      }),

    /** For when an agent or a tool of the workspace was changed. */
    forget: (workspace: string) => resolved.forget(`${workspace} `),
    /** For when anything may have changed. */
    clear: () => resolved.clear(),
  }
}

/** Neither keys nor ids have an @. */
export function versioned(ref: string): [ref: string, version?: string] {
  const at = ref.lastIndexOf('@')
  return at === -1 ? [ref] : [ref.slice(0, at), ref.slice(at + 1)]
}

/** The newest versions of an agent's stored tools, by id; a tool that is gone is missing. */
export async function storedTools(
  workspace: string,
  agent: Agent,
  tools: Registry<StoredTool>,
): Promise<Map<string, StoredTool>> {
  return await byId(
    agent.tools.filter(({ kind }) => !isBuiltin(kind) && kind !== 'mcp'),
    (id) => tools.get(workspace, id),
  )
}

/** The newest versions of the MCP servers whose tools an agent has. */
export async function serversOf(
  workspace: string,
  agent: Agent,
  servers: Registry<McpServer>,
): Promise<Map<string, McpServer>> {
  return await byId(
    agent.tools.filter(({ kind }) => kind === 'mcp'),
    (id) => servers.get(workspace, id),
  )
}

async function byId<T extends { id: string }>(
  named: { id: string }[],
  get: (id: string) => Promise<T | undefined>,
): Promise<Map<string, T>> {
  const found = await Promise.all([...new Set(named.map(({ id }) => id))].map(get))
  return new Map(found.flatMap((item) => (item === undefined ? [] : [[item.id, item] as const])))
}

/** The newest versions of the agents that an agent may call. Rejects with invalid where one is gone. */
async function teamOf(
  workspace: string,
  { team = [], tools }: Agent,
  agents: Ports['agents'],
): Promise<Team> {
  const calls = tools.some(({ kind }) => kind === 'call_sub_agent' || kind === 'retrieve_agents')
  if (!calls) return []
  return await Promise.all(
    team.map(async ({ key, role = '' }, i) => {
      const member = await agents.get(workspace, key)
      if (member === undefined)
        throw invalid(`team_of_agents[${i}].key`, `there is no agent ${key}`)
      const { id, version, displayName, description } = member
      const named = displayName === undefined ? {} : { displayName }
      return { key, id, version, role: role || member.role, ...named, description }
    }),
  )
}

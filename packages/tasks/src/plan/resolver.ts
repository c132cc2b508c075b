import { createContentBudget } from '@longhaul/content'
import {
  type Agent,
  invalid,
  isBuiltin,
  limits,
  type Plan,
  type PlanStore,
  type TurnDefaults,
} from '@longhaul/core'
import type { McpServer, Registry, StoredTool } from '@longhaul/core'
import { LRUCache } from 'lru-cache'
import { createShortLivedCache } from '../lib/short-lived-cache.ts'
import { planHash } from './plan-hash.ts'
import { planLifetime } from './plan-lifetime.ts'
import { resolvePlan, type Team } from './resolve-plan.ts'

/** An agent with its plan, which is already stored under its hash. */
export type ResolvedAgent = {
  agentId: string
  planHash: string
  plan: Plan
  /** What holds for its turns whose requests say nothing else. */
  turns: TurnDefaults | undefined
}

export type Resolver = ReturnType<typeof createResolver>

type Ports = {
  agents: Pick<Registry<Agent>, 'get'>
  tools: Registry<StoredTool>
  servers: Registry<McpServer>
  plans: PlanStore
  now: () => number
  /** The time limit of a whole turn, and the retention of an ended task, milliseconds. */
  turnDeadlineMs: number
  retentionMs: number
  /** Receives the tools of MCP servers that are left out of an agent, when they change. */
  leftOut?: (left: LeftOut) => void
}

export type LeftOut = { workspace: string; agentId: string; tools: string[] }

/**
 * How long a change by another process may stay unseen when its notification is lost, and how many plans are cached.
 */
const cacheBounds = { lifetime: limits.remembered.time, size: limits.remembered.agents }

/** Resolves agents to plans. */
export function createResolver({ agents, tools, servers, plans, now, leftOut, ...times }: Ports) {
  const resolved = createShortLivedCache<ResolvedAgent | undefined>({
    ...cacheBounds,
    now,
    keep: (value) => value !== undefined,
  })
  /** The last report of each agent: an agent in use is resolved every second, but reported only after a change. */
  const lastReports = new LRUCache<string, string>({ max: cacheBounds.size })

  function report(left: LeftOut): void {
    const text = left.tools.join('\n')
    if (lastReports.get(left.agentId) === text) return
    lastReports.set(left.agentId, text)
    leftOut?.(left)
  }

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
        // Not the budget of the first request, since several requests may share this load.
        const budget = createContentBudget(workspace)
        const leaveOut = (left: string[]) => report({ workspace, agentId: agent.id, tools: left })
        const plan = await resolvePlan(agent, stored, { team, servers: found, budget, leaveOut })
        const hash = planHash(plan)
        await plans.put(workspace, hash, plan, planLifetime(times))
        return { agentId: agent.id, planHash: hash, plan, turns: agent.turns }
      }),

    /** Called when an agent or a tool of the workspace has changed. */
    purge: (workspace: string) => resolved.purge(`${workspace} `),
    /** Called when anything may have changed. */
    clear: () => resolved.clear(),
  }
}

/** Splits `ref@version`. Neither keys nor ids contain an @. */
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
  const ids = [...new Set(named.map(({ id }) => id))]
  const found = new Map<string, T>()
  for (let from = 0; from < ids.length; from += atOnce) {
    const some = await Promise.all(ids.slice(from, from + atOnce).map(get))
    for (const item of some) if (item !== undefined) found.set(item.id, item)
  }
  return found
}

/** How many definitions are read in parallel, since each may be large. */
const atOnce = 8

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
      if (member === undefined) throw invalid(`agent.team[${i}].key`, `there is no agent ${key}`)
      const { id, version, displayName, description } = member
      const named = displayName === undefined ? {} : { displayName }
      return { key, id, version, role: role || member.role, ...named, description }
    }),
  )
}

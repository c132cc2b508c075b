import { type Agent, invalid, type McpServer, type Registry, type StoredTool } from '@longhaul/core'
import { resolvePlan } from '../plan/resolve-plan.ts'
import { serversOf, storedTools } from '../plan/resolver.ts'
import type { Seal } from '../secrets/seal.ts'
import { sealVariables } from '../secrets/seal-variables.ts'
import { type AgentInput, type AgentPatch, plainFieldsOf } from './agent-input.ts'
import { alreadyExists } from './change-registered.ts'
import { firstVersion } from './next-version.ts'
import { prepareTools } from './inline/inline-tools.ts'
import { refuseUnsupported } from './refuse-unsupported.ts'
import type { ItemKind } from './registry-verbs.ts'

export type AgentKindPorts = {
  agents: Registry<Agent>
  tools: Registry<StoredTool>
  servers: Registry<McpServer>
  newId: () => string
  now: () => number
  seal: Seal
}

/** Reserved, since paths of the API have these words in the place of a key. */
const reservedKeys = new Set(['run', 'stream-run', 'a2a'])

/** Creates and changes agents. Refuses an agent that could not run. */
export function agentKind(ports: AgentKindPorts): ItemKind<Agent, AgentInput, AgentPatch> {
  const { agents, tools, servers, newId, now, seal } = ports
  return {
    what: 'Agent',

    async create(input, { workspace, budget }) {
      refuseReserved(input.key)
      refuseUnsupported(input)
      // Checked before the tools that are defined within the agent are stored, so that none are left behind.
      if ((await agents.idOf(workspace, input.key)) !== undefined) {
        throw alreadyExists('Agent', input.key)
      }
      const prepared = await prepareTools(
        input.tools,
        { ...ports, workspace, path: input.path },
        budget,
      )
      const time = now()
      const item: Agent = {
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
      await resolvePlan(item, prepared.stored, { servers: prepared.servers, budget })
      return { item, storeFirst: prepared.store }
    },

    change(patch, { workspace, budget }) {
      if (patch.key !== undefined) refuseReserved(patch.key)
      refuseUnsupported(patch)
      return async (current) => {
        const next = merged(current, patch)
        if (patch.variables !== undefined) {
          const sealed = { workspace, current: current.variables, seal }
          next.variables = sealVariables(patch.variables, sealed)
        }
        const own = { ...ports, workspace, path: next.path }
        const prepared = patch.tools && (await prepareTools(patch.tools, own, budget))
        if (prepared !== undefined) next.tools = prepared.tools
        const stored = prepared?.stored ?? (await storedTools(workspace, next, tools))
        await resolvePlan(next, stored, {
          servers: prepared?.servers ?? (await serversOf(workspace, next, servers)),
          budget,
        })
        await prepared?.store()
        return next
      }
    },
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

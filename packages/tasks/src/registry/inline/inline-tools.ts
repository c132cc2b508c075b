import type { ContentBudget } from '@longhaul/content'
import { builtinTools, invalid, isBuiltin, LonghaulError } from '@longhaul/core'
import type { AgentTool, BuiltinKind, McpServer, StoredTool } from '@longhaul/core'
import type { StorableTool, ToolEntry } from '../agent-input.ts'
import { canonicalJson } from '../../lib/canonical-json.ts'
import { changeRegistered, refuseLarge } from '../change-registered.ts'
import { checkSchemasAt } from '../../lib/check-schemas.ts'
import { checkRequest, schemasOf } from '../check-tool.ts'
import type { PreparePorts } from './inline-ports.ts'
import { prepareServer } from './inline-server.ts'
import { firstVersion } from '../next-version.ts'
import { sealDefinition } from '../../secrets/seal-definition.ts'

export type PreparedTools = {
  tools: AgentTool[]
  /** By id, in the versions that exist after `store` has run. */
  stored: Map<string, StoredTool>
  servers: Map<string, McpServer>
  /** Stores the tools that are defined within the agent. Called after all checks. */
  store: () => Promise<void>
}

/** Finds the stored tools that an agent's entries name. Rejects with invalid and names the entry. */
export async function prepareTools(
  entries: ToolEntry[],
  ports: PreparePorts,
  budget: ContentBudget,
): Promise<PreparedTools> {
  const prepared: PreparedTools = {
    tools: [],
    stored: new Map(),
    servers: new Map(),
    store: () => storeAll(),
  }
  const stores: (() => Promise<void>)[] = []
  const schemas = entries.flatMap(({ definition: defined }, i) =>
    defined === undefined ? [] : schemasOf(defined.definition, `agent.tools[${i}].`),
  )
  await checkSchemasAt(schemas, budget)
  for (const [i, entry] of entries.entries()) {
    const { type, requiresApproval, configuration, timeoutSeconds } = entry
    const common = { requiresApproval, ...(configuration && { configuration }) }
    const at = `agent.tools[${i}]`
    if (isBuiltin(type)) {
      const { displayName, description } = builtinTools[type]
      prepared.tools.push({ kind: type, id: type, displayName, description, ...common })
      continue
    }
    if (type === 'mcp') {
      const server = await prepareServer(entry, { at, ports, stores, budget })
      const { id, key, displayName, description } = server
      prepared.servers.set(id, server)
      prepared.tools.push({
        kind: type,
        id,
        key,
        displayName,
        ...(description !== undefined && { description }),
        ...common,
        ...(entry.tool !== undefined && { tool: entry.tool }),
        ...(entry.onCrash !== undefined && { onCrash: entry.onCrash }),
        ...(timeoutSeconds !== undefined && { timeoutSeconds }),
      })
      continue
    }
    if (!isStorable(type)) throw invalid(at, `tools of type ${type} cannot be run yet`)
    const tool =
      entry.definition === undefined
        ? await find(entry, at, ports)
        : await define(entry, entry.definition, { at, ports, stores })
    const { id, key, displayName, description } = tool
    prepared.stored.set(id, tool)
    prepared.tools.push({
      kind: type,
      id,
      key,
      ...(displayName !== undefined && { displayName }),
      description,
      ...common,
      ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    })
  }
  return prepared

  async function storeAll() {
    for (const store of stores) await store()
  }
}

function isStorable(type: string): type is Exclude<AgentTool['kind'], BuiltinKind | 'mcp'> {
  return type === 'function' || type === 'http' || type === 'code' || type === 'json_schema'
}

async function find(
  { type, key, id }: ToolEntry,
  at: string,
  ports: PreparePorts,
): Promise<StoredTool> {
  const ref = id ?? key
  if (ref === undefined) throw invalid(at, 'needs the key or the id of a stored tool')
  const tool = await ports.tools.get(ports.workspace, ref)
  if (tool === undefined) throw invalid(at, `there is no tool ${ref}`)
  const actual = tool.definition.type
  if (actual !== type) throw invalid(at, `the tool ${ref} is of type ${actual}, not ${type}`)
  return tool
}

/** A new tool, a new version of the tool that has the key, or that tool unchanged. */
async function define(
  { type, key }: ToolEntry,
  { displayName, description, definition }: StorableTool,
  { at, ports, stores }: { at: string; ports: PreparePorts; stores: (() => Promise<void>)[] },
): Promise<StoredTool> {
  const { workspace, path, tools, newId, now, seal } = ports
  if (key === undefined) throw invalid(`${at}.key`, 'is needed to define a tool here')
  checkRequest({ key, definition }, `${at}.`)

  const existing = await tools.get(workspace, key)
  const current = existing?.definition
  const content = {
    ...(displayName !== undefined && { displayName }),
    description,
    definition: sealDefinition(definition, { workspace, current, seal, at: `${at}.` }),
  }
  if (existing !== undefined) {
    const actual = existing.definition.type
    if (actual !== type) throw invalid(at, `the tool ${key} exists and is of type ${actual}`)
    const changed = { ...existing, ...content }
    if (canonicalJson(changed) === canonicalJson(existing)) return existing
    stores.push(async () => {
      await changeRegistered(
        tools,
        { workspace, ref: existing.id },
        { what: 'Tool', now, change: (present) => ({ ...present, ...content }) },
      )
    })
    return changed
  }

  const time = now()
  const tool: StoredTool = {
    ...content,
    id: `tool_${newId()}`,
    key,
    version: firstVersion,
    createdAt: time,
    updatedAt: time,
    path,
    status: 'live',
  }
  refuseLarge(tool, 'Tool')
  stores.push(async () => {
    if ((await tools.create(workspace, tool)) === 'created') return
    throw new LonghaulError('conflict', `Tool ${key} was made by somebody else: try again`)
  })
  return tool
}

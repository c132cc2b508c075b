import { builtinTools, invalid, LonghaulError } from '@longhaul/core'
import type { AgentTool, Registry, StoredTool } from '@longhaul/core'
import type { ToolEntry } from './agent-input.ts'
import { canonicalJson } from './canonical-json.ts'
import { changeRegistered, refuseLarge } from './change-registered.ts'
import { checkTool } from './check-tool.ts'
import { firstVersion } from './next-version.ts'

type Ports = {
  workspace: string
  /** The folder of tools that are defined within an agent: the agent's own. */
  path: string
  tools: Registry<StoredTool>
  newId: () => string
  now: () => number
}

export type PreparedTools = {
  tools: AgentTool[]
  /** By id, as they will be once `store` has run. */
  stored: Map<string, StoredTool>
  /** Stores the functions that were defined within the agent; for when all else was found right. */
  store: () => Promise<void>
}

/** Finds the stored tools that an agent's entries name. Rejects with invalid, naming the entry. */
export async function prepareTools(entries: ToolEntry[], ports: Ports): Promise<PreparedTools> {
  const prepared: PreparedTools = { tools: [], stored: new Map(), store: () => storeAll() }
  const stores: (() => Promise<void>)[] = []
  for (const [i, entry] of entries.entries()) {
    const { requiresApproval, configuration } = entry
    const common = { requiresApproval, ...(configuration && { configuration }) }
    if (entry.type === 'current_date') {
      const { displayName, description } = builtinTools.current_date
      const kind = entry.type
      prepared.tools.push({ kind, id: kind, displayName, description, ...common })
      continue
    }
    const at = `settings.tools[${i}]`
    const tool =
      entry.definition === undefined
        ? await find(entry, at, ports)
        : await define(entry, entry.definition, { at, ports, stores })
    const { id, key, displayName, description } = tool
    prepared.stored.set(id, tool)
    prepared.tools.push({
      kind: 'function',
      id,
      key,
      ...(displayName !== undefined && { displayName }),
      description,
      ...common,
    })
  }
  return prepared

  async function storeAll() {
    for (const store of stores) await store()
  }
}

async function find({ type, key, id }: ToolEntry, at: string, ports: Ports): Promise<StoredTool> {
  const ref = id ?? key
  if (ref === undefined) throw invalid(at, 'needs the key or the id of a stored tool')
  const tool = await ports.tools.get(ports.workspace, ref)
  if (tool === undefined) throw invalid(at, `there is no tool ${ref}`)
  const actual = tool.definition.type
  if (actual !== type) throw invalid(at, `the tool ${ref} is of type ${actual}, not ${type}`)
  return tool
}

/** The tool as it will be: a new one, a new version of the one that has the key, or that one as it is. */
async function define(
  { key }: ToolEntry,
  definition: NonNullable<ToolEntry['definition']>,
  { at, ports, stores }: { at: string; ports: Ports; stores: (() => Promise<void>)[] },
): Promise<StoredTool> {
  const { workspace, path, tools, newId, now } = ports
  if (key === undefined) throw invalid(`${at}.key`, 'is needed to define a tool here')
  const { displayName } = definition
  const content = {
    ...(displayName !== undefined && { displayName }),
    description: definition.description ?? definition.function.description ?? '',
    definition: { type: 'function' as const, function: definition.function },
  }
  checkTool({ key, ...content }, `${at}.`)

  const existing = await tools.get(workspace, key)
  if (existing !== undefined) {
    const actual = existing.definition.type
    if (actual !== 'function') throw invalid(at, `the tool ${key} exists and is of type ${actual}`)
    const changed = { ...existing, ...content }
    if (canonicalJson(changed) === canonicalJson(existing)) return existing
    stores.push(async () => {
      await changeRegistered(
        tools,
        { workspace, ref: existing.id },
        { what: 'Tool', now, change: (current) => ({ ...current, ...content }) },
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

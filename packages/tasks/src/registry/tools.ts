import { createContentBudget } from '@longhaul/content'
import { defined, invalid } from '@longhaul/core'
import type { Page, PageRequest, Registry, StoredTool } from '@longhaul/core'
import { alreadyExists, changeRegistered, notFound, refuseLarge } from './change-registered.ts'
import { checkTool } from './check-tool.ts'
import { firstVersion } from './next-version.ts'
import type { Seal } from '../secrets/seal.ts'
import { sealDefinition } from '../secrets/seal-definition.ts'
import type { ToolInput, ToolPatch } from './tool-input.ts'

export type Tools = ReturnType<typeof createTools>

type Ports = {
  tools: Registry<StoredTool>
  newId: () => string
  now: () => number
  seal: Seal
  /** Told of every change: what was resolved from a tool is then out of date. */
  hints?: { changed: (workspace: string) => void }
}

/** The verbs on stored tools. `ref` is a key or an id. */
export function createTools({ tools, newId, now, seal, hints }: Ports) {
  async function get(workspace: string, ref: string): Promise<StoredTool> {
    const tool = await tools.get(workspace, ref)
    if (tool === undefined) throw notFound('Tool', ref)
    return tool
  }

  return {
    get,

    async create(workspace: string, input: ToolInput): Promise<StoredTool> {
      await checkTool(input, createContentBudget(workspace))
      const time = now()
      const tool: StoredTool = {
        ...input,
        definition: sealDefinition(input.definition, { workspace, seal }),
        id: `tool_${newId()}`,
        version: firstVersion,
        createdAt: time,
        updatedAt: time,
      }
      refuseLarge(tool, 'Tool')
      const outcome = await tools.create(workspace, tool)
      if (outcome === 'taken') throw alreadyExists('Tool', tool.key)
      hints?.changed(workspace)
      return tool
    },

    async update(workspace: string, ref: string, patch: ToolPatch): Promise<StoredTool> {
      const { type, versionIncrement, versionDescription, definition, ...fields } = patch
      const budget = createContentBudget(workspace)
      const tool = await changeRegistered(
        tools,
        { workspace, ref },
        {
          what: 'Tool',
          now,
          versionIncrement,
          versionDescription,
          async change(current) {
            if (current.definition.type !== type) {
              throw invalid('tool.type', `is ${current.definition.type} and cannot be changed`)
            }
            const next = { ...current, ...defined(fields) }
            const changed = { key: next.key, definition: definition ?? current.definition }
            await checkTool(changed, budget)
            if (definition === undefined) return next
            const sealed = { workspace, current: current.definition, seal }
            return { ...next, definition: sealDefinition(definition, sealed) }
          },
        },
      )
      hints?.changed(workspace)
      return tool
    },

    async remove(workspace: string, ref: string): Promise<void> {
      const { id } = await get(workspace, ref)
      // Gone already is as good: this may be the repeat of a removal whose reply was lost.
      await tools.remove(workspace, id)
      hints?.changed(workspace)
    },

    list: (workspace: string, page: PageRequest): Promise<Page<StoredTool>> =>
      tools.list(workspace, page),

    async versions(workspace: string, ref: string, page: PageRequest): Promise<Page<StoredTool>> {
      const { id } = await get(workspace, ref)
      const versions = await tools.versions(workspace, id, page)
      if (versions === undefined) throw notFound('Tool', ref)
      return versions
    },

    async version(workspace: string, ref: string, version: string): Promise<StoredTool> {
      const tool = await tools.get(workspace, ref, version)
      if (tool === undefined) throw notFound('Tool version', `${ref}@${version}`)
      return tool
    },
  }
}

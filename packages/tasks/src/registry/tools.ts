import { defined, invalid, type Registry, type StoredTool } from '@longhaul/core'
import type { Seal } from '../secrets/seal.ts'
import { sealDefinition } from '../secrets/seal-definition.ts'
import { checkTool } from './check-tool.ts'
import { firstVersion } from './next-version.ts'
import { type ItemKind, type RegistryVerbs, registryVerbs } from './registry-verbs.ts'
import type { ToolInput, ToolPatch } from './tool-input.ts'

export type Tools = RegistryVerbs<StoredTool, ToolInput, ToolPatch>

type Ports = {
  tools: Registry<StoredTool>
  newId: () => string
  now: () => number
  seal: Seal
  /** Receives every change, since plans that were resolved from the tool are then out of date. */
  notifications?: { changed: (workspace: string) => void }
}

/** The verbs on stored tools. `ref` is a key or an id. */
export function createTools(ports: Ports): Tools {
  const { tools: registry, now, notifications } = ports
  const changed = (workspace: string) => notifications?.changed(workspace)
  return registryVerbs(toolKind(ports), { registry, now, changed })
}

function toolKind({
  newId,
  now,
  seal,
}: Pick<Ports, 'newId' | 'now' | 'seal'>): ItemKind<StoredTool, ToolInput, ToolPatch> {
  return {
    what: 'Tool',

    async create(input, { workspace, budget }) {
      await checkTool(input, budget)
      const time = now()
      const item: StoredTool = {
        ...input,
        definition: sealDefinition(input.definition, { workspace, seal }),
        id: `tool_${newId()}`,
        version: firstVersion,
        createdAt: time,
        updatedAt: time,
      }
      return { item }
    },

    change(patch, { workspace, budget }) {
      const { type, versionIncrement: _, versionDescription: __, definition, ...fields } = patch
      return async (current) => {
        if (current.definition.type !== type) {
          throw invalid('tool.type', `is ${current.definition.type} and cannot be changed`)
        }
        const next = { ...current, ...defined(fields) }
        const changed = { key: next.key, definition: definition ?? current.definition }
        await checkTool(changed, budget)
        if (definition === undefined) return next
        const sealed = { workspace, current: current.definition, seal }
        return { ...next, definition: sealDefinition(definition, sealed) }
      }
    },
  }
}

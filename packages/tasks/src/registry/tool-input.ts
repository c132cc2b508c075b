import type { StoredTool } from '@longhaul/core'
import type { DefinitionInput } from '../secrets/unsealed.ts'
import type { Versioning } from './next-version.ts'

/** The caller's definition of a tool. */
export type ToolInput = Pick<
  StoredTool,
  'key' | 'path' | 'displayName' | 'description' | 'status'
> & { definition: DefinitionInput }

/** The changes of a tool. Its type never changes. */
export type ToolPatch = {
  [name in keyof Omit<ToolInput, 'definition'>]?: ToolInput[name] | undefined
} & {
  type: StoredTool['definition']['type']
  definition?: DefinitionInput | undefined
} & Versioning

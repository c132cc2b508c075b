import type { StoredTool } from '@longhaul/core'
import type { DefinitionInput } from '../secrets/unsealed.ts'
import type { Versioning } from './next-version.ts'

/** What a caller says a tool shall be. */
export type ToolInput = Pick<
  StoredTool,
  'key' | 'path' | 'displayName' | 'description' | 'status'
> & { definition: DefinitionInput }

/** What shall change. A tool's type never does. */
export type ToolPatch = {
  [name in keyof Omit<ToolInput, 'definition'>]?: ToolInput[name] | undefined
} & {
  type: StoredTool['definition']['type']
  definition?: DefinitionInput | undefined
} & Versioning

import type { StoredTool } from '@longhaul/core'
import type { VersionIncrement } from './next-version.ts'

/** What a caller says a tool shall be. */
export type ToolInput = Pick<
  StoredTool,
  'key' | 'path' | 'displayName' | 'description' | 'status' | 'definition'
>

/** What shall change. A tool's type never does. */
export type ToolPatch = {
  [name in keyof Omit<ToolInput, 'definition'>]?: ToolInput[name] | undefined
} & {
  type: StoredTool['definition']['type']
  definition?: StoredTool['definition'] | undefined
  versionIncrement?: VersionIncrement | undefined
  versionDescription?: string | undefined
}

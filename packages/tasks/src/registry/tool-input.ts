import type { HttpDefinition, StoredTool, ToolDefinition } from '@longhaul/core'
import type { Versioning } from './next-version.ts'

/** A header as the caller gives it: `secret` is to be sealed, `kept` is the secret that is stored already. */
export type HeaderInput = string | { secret: string } | { kept: true }

/** What a tool shall do, its secrets in clear. */
export type DefinitionInput =
  | Exclude<ToolDefinition, { type: 'http' }>
  | (Omit<Extract<ToolDefinition, { type: 'http' }>, 'http'> & {
      http: Omit<HttpDefinition, 'headers'> & { headers: Record<string, HeaderInput> }
    })

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

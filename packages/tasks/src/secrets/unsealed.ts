import type { HttpDefinition, ToolDefinition } from '@longhaul/core'

/** A header from the caller: `secret` is to be sealed, `kept` keeps the stored secret. */
export type HeaderInput = string | { secret: string } | { kept: true }

/** The definition of a tool, with plain secrets. */
export type DefinitionInput =
  | Exclude<ToolDefinition, { type: 'http' }>
  | (Omit<Extract<ToolDefinition, { type: 'http' }>, 'http'> & {
      http: Omit<HttpDefinition, 'headers'> & { headers: Record<string, HeaderInput> }
    })

import type { HttpDefinition, ToolDefinition } from '@longhaul/core'

/** A header as the caller gives it: `secret` is to be sealed, `kept` is the secret that is stored already. */
export type HeaderInput = string | { secret: string } | { kept: true }

/** What a tool shall do, its secrets in clear. */
export type DefinitionInput =
  | Exclude<ToolDefinition, { type: 'http' }>
  | (Omit<Extract<ToolDefinition, { type: 'http' }>, 'http'> & {
      http: Omit<HttpDefinition, 'headers'> & { headers: Record<string, HeaderInput> }
    })

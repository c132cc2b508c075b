import type { ToolDefinition } from '@longhaul/core'
import type { Seal } from './seal.ts'
import { sealHeaders } from './seal-headers.ts'
import type { DefinitionInput } from './unsealed.ts'

type Options = {
  workspace: string
  /** The tool as it is, which may hold secrets that the caller keeps. */
  current?: ToolDefinition | undefined
  seal: Seal
  /** Where the tool stands in what the caller gave. */
  at?: string
}

/** A definition as it is stored: its secret headers sealed. Rejects with invalid, naming the header. */
export function sealDefinition(
  definition: DefinitionInput,
  { workspace, current, seal, at = 'tool.' }: Options,
): ToolDefinition {
  if (definition.type !== 'http') return definition
  const headers = sealHeaders(definition.http.headers, {
    workspace,
    current: current?.type === 'http' ? current.http.headers : {},
    seal,
    pathOf: (name) => `${at}definition.http.headers.${name}`,
  })
  return { ...definition, http: { ...definition.http, headers } }
}

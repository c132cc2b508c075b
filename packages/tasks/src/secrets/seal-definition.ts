import type { ToolDefinition } from '@longhaul/core'
import type { Seal } from './seal.ts'
import { sealHeaders } from './seal-headers.ts'
import type { DefinitionInput } from './unsealed.ts'

type Options = {
  workspace: string
  /** The current tool, which may hold secrets that the caller keeps. */
  current?: ToolDefinition | undefined
  seal: Seal
  /** The path of the tool in the caller's input. */
  at?: string
}

/** A definition as it is stored, with sealed secret headers. Throws invalid and names the header. */
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

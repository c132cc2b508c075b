import { invalid } from '@longhaul/core'
import type { HttpHeader, ToolDefinition } from '@longhaul/core'
import type { Seal } from './seal.ts'
import type { DefinitionInput, HeaderInput } from './tool-input.ts'

type Options = {
  workspace: string
  /** The tool as it is, which may hold secrets that the caller keeps. */
  current?: ToolDefinition | undefined
  seal: Seal
  /** Where the definition stands in the body. */
  at?: string
}

/** A definition as it is stored: its secret headers sealed. Rejects with invalid, naming the header. */
export function sealDefinition(
  definition: DefinitionInput,
  { workspace, current, seal, at = '' }: Options,
): ToolDefinition {
  if (definition.type !== 'http') return definition
  const sealed = current?.type === 'http' ? current.http.headers : {}
  const headers = Object.entries(definition.http.headers).map(([name, value]) => [
    name,
    sealHeader(name, value),
  ])
  return {
    ...definition,
    http: {
      ...definition.http,
      headers: Object.fromEntries(headers) as Record<string, HttpHeader>,
    },
  }

  function sealHeader(name: string, value: HeaderInput): HttpHeader {
    if (typeof value === 'string') return value
    const path = `${at}http.blueprint.headers.${name}`
    if ('secret' in value) return { sealed: seal(value.secret, { workspace, path }) }
    const kept = sealed[name]
    if (typeof kept === 'object') return kept
    throw invalid(path, 'is masked, and there is no secret of this name: send the secret itself')
  }
}

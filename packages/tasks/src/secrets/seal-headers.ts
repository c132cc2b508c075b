import { type HttpHeader, invalid } from '@longhaul/core'
import type { Seal } from './seal.ts'
import type { HeaderInput } from './unsealed.ts'

type Options = {
  workspace: string
  /** The current headers, which may hold secrets that the caller keeps. */
  current: Record<string, HttpHeader>
  seal: Seal
  /** The path of a header in the caller's input. */
  pathOf: (name: string) => string
}

/** Headers as they are stored, with the secret ones sealed. Throws invalid and names the header. */
export function sealHeaders(
  headers: Record<string, HeaderInput>,
  { workspace, current, seal, pathOf }: Options,
): Record<string, HttpHeader> {
  const sealed = Object.entries(headers).map(([name, value]) => [name, sealHeader(name, value)])
  return Object.fromEntries(sealed) as Record<string, HttpHeader>

  function sealHeader(name: string, value: HeaderInput): HttpHeader {
    if (typeof value === 'string') return value
    const path = pathOf(name)
    if ('secret' in value) return { sealed: seal(value.secret, { workspace, path }) }
    const stored = current[name]
    if (typeof stored === 'object') return stored
    throw invalid(path, 'is masked, and there is no secret of this name: send the secret itself')
  }
}

import { cutText, invalid, isSealed, isSecret } from '@longhaul/core'
import type { Seal } from './seal.ts'

type Options = {
  workspace: string
  /** The current variables, whose secrets the caller may keep. */
  current?: Record<string, unknown>
  seal: Seal
}

/** Variables as they are stored, with the secrets (`{ secret: true, value }`) sealed. Throws invalid. */
export function sealVariables(
  variables: Record<string, unknown>,
  { workspace, current = {}, seal }: Options,
): Record<string, unknown> {
  if (!Object.values(variables).some(isSecret)) return variables
  return Object.fromEntries(
    Object.entries(variables).map(([name, variable]) => [name, sealed(name, variable)]),
  )

  function sealed(name: string, variable: unknown): unknown {
    if (!isSecret(variable)) return variable
    const path = `variables.${cutText(name, 100)}`
    const { value } = variable
    const stored = current[name]
    if (value === mask && isSealed(stored)) return stored
    if (typeof value !== 'string' || value === '') {
      throw invalid(path, 'is secret, and needs a value, which is a text')
    }
    return { secret: true, sealed: seal(value, { workspace, path }) }
  }
}

/** Replaces a secret in replies. A caller that sends it back keeps the stored secret. */
export const mask = '********'

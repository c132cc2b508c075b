/** A secret variable. Only a worker opens its value, when a tool needs it. */
export type SealedVariable = { secret: true; sealed: string }

/** Whether a variable is declared secret, sealed or not. */
export function isSecret(value: unknown): value is { secret: true; value?: unknown } {
  return typeof value === 'object' && value !== null && 'secret' in value && value.secret === true
}

export function isSealed(value: unknown): value is SealedVariable {
  return isSecret(value) && 'sealed' in value && typeof value.sealed === 'string'
}

/** The values that templates may print. A secret is replaced by a placeholder. */
export function printable(variables: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, isSecret(value) ? '[secret]' : value]),
  )
}

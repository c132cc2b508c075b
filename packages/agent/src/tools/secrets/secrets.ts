import { type HttpHeader, isLargeInteger, isSealed, limits, parseExact } from '@longhaul/core'
import { maskFor, partsOf } from './mask-secrets.ts'
import type { ToolServices } from '../tool-kind.ts'

const mask = '[secret]'
const { count, characters } = limits.callSecrets

/** Opens secrets, and remembers them so that they can be masked in answers. */
export function createSecrets(open: (sealed: string) => string) {
  const opened = new Set<string>()
  let size = 0
  let parts = new Set<string>()
  let masked: ((text: string) => string) | undefined
  let isPrepared = true

  /** Once for all secrets of a call. */
  function prepare(): void {
    if (isPrepared) return
    parts = new Set([...opened].flatMap(partsOf))
    masked = maskFor(opened, mask)
    isPrepared = true
  }

  function maskText(text: string): string {
    prepare()
    // A short secret would tear holes into what has nothing to do with it, but not as the whole of a value.
    if (parts.has(text.trim())) return mask
    return masked === undefined ? text : masked(text)
  }

  function maskWithin(value: unknown): unknown {
    if (opened.size === 0) return value
    if (typeof value === 'string') return maskText(value)
    if (typeof value === 'number' || isLargeInteger(value)) {
      const digits = JSON.stringify(value)
      return maskText(digits) === digits ? value : mask
    }
    if (Array.isArray(value)) return value.map(maskWithin)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [maskText(name), maskWithin(item)]),
    )
  }

  /** Whether the secret can be masked: the number of remembered secrets is bounded. */
  function remember(secret: string): boolean {
    if (secret === '' || opened.has(secret)) return true
    if (opened.size >= count || size + secret.length > characters) return false
    opened.add(secret)
    size += secret.length
    isPrepared = false
    return true
  }

  return {
    open(sealed: string): string {
      const secret = open(sealed)
      if (remember(secret)) return secret
      throw new Error(`a call can use ${count} secrets with ${characters} characters in all`)
    },
    /** For secrets that the call does not use, and that a server may know from another one; as far as there is room. */
    openMore(sealed: Iterable<string>): void {
      for (const each of sealed) if (!remember(open(each))) return
    },
    /** Whether a secret is in a text of a request, or is a value in its JSON. */
    isIn: (text: string): boolean =>
      // First: it prepares the parts.
      maskText(text) !== text ||
      [...parts].some((part) => part.length >= 4 && text.includes(part)) ||
      JSON.stringify(maskWithin(parsed(text))).includes(mask),
    maskText,
    /** In all texts, names and numbers of a value, whatever its form. */
    maskWithin,
  }
}

function parsed(text: string): unknown {
  try {
    return parseExact(text)
  } catch {
    return text
  }
}

export type Secrets = ReturnType<typeof createSecrets>

/** The secret variables of a turn. */
export function sealedIn(variables: Record<string, unknown>): string[] {
  return Object.values(variables)
    .filter(isSealed)
    .map(({ sealed }) => sealed)
}

/** The headers of a plan, with the secrets that what is stored under the id has now. */
export async function openedHeaders(
  planned: Record<string, HttpHeader>,
  { id, services, secrets }: { id: string; services: ToolServices; secrets: Secrets },
): Promise<Record<string, string>> {
  const isSecret = Object.values(planned).some((value) => typeof value !== 'string')
  const stored = isSecret ? await services.headersOf(id) : {}
  const headers = Object.entries(planned).map(([name, value]) => {
    const present = typeof value === 'string' ? value : stored?.[name]
    if (present === undefined) throw new Error(`the secret header ${name} of the tool is gone`)
    return [name, typeof present === 'string' ? present : secrets.open(present.sealed)]
  })
  return Object.fromEntries(headers) as Record<string, string>
}

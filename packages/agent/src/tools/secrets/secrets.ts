import { type HttpHeader, isLargeInteger, isSealed, limits, parseExact } from '@longhaul/core'
import { maskFor, partsOf } from './mask-secrets.ts'
import type { ToolServices } from '../tool-kind.ts'

const mask = '[secret]'
/** A shorter text may be in a file by chance. */
const longSecret = 8
const { count, characters } = limits.callSecrets

/** Opens secrets and keeps them, so that they can be masked in answers. */
export function createSecrets(open: (sealed: string) => string) {
  const opened = new Set<string>()
  let size = 0
  let parts = new Set<string>()
  let masked: ((text: string) => string) | undefined
  let isPrepared = true

  /** Makes the search for all secrets opened so far; only after a new one. */
  function prepare(): void {
    if (isPrepared) return
    parts = new Set([...opened].flatMap(partsOf))
    masked = maskFor(opened, mask)
    isPrepared = true
  }

  function maskText(text: string): string {
    prepare()
    // A short secret is masked only as a whole value, since within a text it would mask unrelated characters.
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

  /** Keeps a secret for masking. False when the limit is reached. */
  function keep(secret: string): boolean {
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
      if (keep(secret)) return secret
      throw new Error(`a call can use ${count} secrets with ${characters} characters in all`)
    },
    /** Opens secrets that the call does not use, but that a server may know from another call; up to the limit. */
    openMore(sealed: Iterable<string>): void {
      for (const each of sealed) if (!keep(open(each))) return
    },
    /** Whether a secret is in a text of a request, or is a value in its JSON. */
    isIn: (text: string): boolean =>
      // Must come first, since it prepares the parts.
      maskText(text) !== text ||
      [...parts].some((part) => part.length >= 4 && text.includes(part)) ||
      JSON.stringify(maskWithin(parsed(text))).includes(mask),
    /** Whether a long secret is in the bytes of a file. */
    isInBytes(bytes: Buffer): boolean {
      prepare()
      return [...parts].some((part) => part.length >= longSecret && bytes.includes(part))
    },
    maskText,
    /** Masks secrets in all texts, names and numbers of a value of any type. */
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

/** The headers of a plan, with the current secrets of the stored tool or server `id`. */
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

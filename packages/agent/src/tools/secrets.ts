import { type HttpHeader, isLargeInteger, parseExact } from '@longhaul/core'
import { partsOf, secretPattern } from './secret-pattern.ts'
import type { ToolServices } from './tool-kind.ts'

const mask = '[secret]'

/** Opens secrets, and remembers them so that no answer can tell them. */
export function createSecrets(open: (sealed: string) => string) {
  const opened = new Set<string>()
  let parts = new Set<string>()
  let pattern: RegExp | undefined

  function hide(text: string): string {
    // A short secret would tear holes into what has nothing to do with it, but not as the whole of a value.
    if (parts.has(text.trim())) return mask
    return pattern === undefined ? text : text.replace(pattern, mask)
  }

  function hideWithin(value: unknown): unknown {
    if (opened.size === 0) return value
    if (typeof value === 'string') return hide(value)
    if (typeof value === 'number' || isLargeInteger(value)) {
      const digits = JSON.stringify(value)
      return hide(digits) === digits ? value : mask
    }
    if (Array.isArray(value)) return value.map(hideWithin)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [hide(name), hideWithin(item)]),
    )
  }

  return {
    open(sealed: string): string {
      const secret = open(sealed)
      if (secret === '' || opened.has(secret)) return secret
      opened.add(secret)
      parts = new Set([...opened].flatMap(partsOf))
      pattern = secretPattern(opened)
      return secret
    },
    /** Whether a secret is in a text of a request, or is a value in its JSON. */
    isIn: (text: string): boolean =>
      hide(text) !== text ||
      [...parts].some((part) => part.length >= 4 && text.includes(part)) ||
      JSON.stringify(hideWithin(parsed(text))).includes(mask),
    hide,
    /** In all texts, names and numbers of a value, whatever its form. */
    hideWithin,
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

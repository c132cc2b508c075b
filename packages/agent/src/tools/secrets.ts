import { type HttpHeader, parseExact } from '@longhaul/core'
import type { ToolServices } from './tool-kind.ts'

/** Opens secrets, and remembers them so that no answer can tell them. */
export function createSecrets(open: (sealed: string) => string) {
  const opened = new Set<string>()
  function hide(text: string): string {
    let hidden = text
    // Shorter ones would tear holes into what has nothing to do with them.
    for (const secret of opened)
      if (secret.length >= 4) {
        for (const form of formsOf(secret)) hidden = hidden.replaceAll(form, '[secret]')
      }
    return hidden
  }
  return {
    open(sealed: string): string {
      const secret = open(sealed)
      opened.add(secret)
      return secret
    },
    hide,
    /** In all texts of a value, whatever its form. */
    hideWithin(value: unknown): unknown {
      if (opened.size === 0) return value
      return parseExact(JSON.stringify(value ?? null), (_, each: unknown) =>
        typeof each === 'string' ? hide(each) : each,
      )
    },
  }
}
/** As a server may tell it again. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [secret, bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')]
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

import { hash } from 'node:crypto'
import { canonicalJson } from '@longhaul/tasks'
import type { IncomingHttpHeaders } from 'node:http'

/** A request: the agent in its path, its body, and the headers with options of its turn, if there are any. */
export type Asked = { agent: string | undefined; body: unknown; headers?: object }

/**
 * The key of a request whose client sends no `Idempotency-Key`, but repeats a failed request by itself and names the work
 * that it repeats. Undefined for all other clients.
 */
export function repeatKeyOf(
  headers: IncomingHttpHeaders,
  { agent, body }: Asked,
): { key: string; fingerprint: string } | undefined {
  for (const { agent: client, header, nameIn, repeated } of repeaters) {
    const value = headers[header]
    if (typeof value !== 'string' || !client.test(headers['user-agent'] ?? '')) continue
    const name = nameIn(value)
    if (typeof name !== 'string' || name === '') return undefined
    const fingerprint = hash('sha256', canonicalJson({ agent, body: repeated(body) }))
    return { key: hash('sha256', JSON.stringify([header, name, fingerprint])), fingerprint }
  }
  return undefined
}

type Repeater = {
  agent: RegExp
  /** The header that is the same in each repeat, and the name of the work in it. */
  header: string
  nameIn: (value: string) => unknown
  /** The body of the request that this body repeats; the same body if it repeats none. */
  repeated: (body: unknown) => unknown
}

/** Codex names its turn, opencode its session: its next request in a session has a longer body. */
const repeaters: Repeater[] = [
  {
    agent: /^codex/i,
    header: 'x-codex-turn-metadata',
    nameIn: turnIdIn,
    repeated: withoutGuidance,
  },
  {
    agent: /^opencode\//i,
    header: 'x-session-id',
    nameIn: (id) => id,
    repeated: (body) => body,
  },
]

function turnIdIn(metadata: string): unknown {
  try {
    return (JSON.parse(metadata) as { turn_id?: unknown } | null)?.turn_id
  } catch {
    return undefined
  }
}

type Item = { type?: unknown; role?: unknown; content?: unknown }

/**
 * The body without what Codex adds to a request when a content filter has cut the answer: the answer so far, and a message
 * that says so. A later repeat has several of them.
 */
function withoutGuidance(body: unknown): unknown {
  const { input } = Object(body) as { input?: unknown }
  if (!Array.isArray(input) || !isGuidance(input.at(-1))) return body
  const items = input as Item[]
  const last = items.findLastIndex((item) => !isAnswer(item) && !isGuidance(item))
  return { ...(body as object), input: items.slice(0, last + 1) }
}

function isAnswer({ type, role }: Item): boolean {
  return role === 'assistant' || type === 'reasoning'
}

function isGuidance(item: unknown): boolean {
  const { role, content } = Object(item) as Item
  if (role !== 'developer' || !Array.isArray(content)) return false
  const { text } = Object(content[0]) as { text?: unknown }
  return typeof text === 'string' && text.startsWith('<content_filter_guidance>')
}

import type { ScriptedBlock, ScriptedUsage } from './scripted-reply.ts'

export type RequestBody = Record<string, unknown>

/** A message of a conversation. The role `other` is that of a system or a tool. */
export type PriorMessage = { role: 'user' | 'assistant' | 'other'; text: string }

/** The wire format of a vendor's stream. All texts are whole frames. */
export type Wire = {
  /** Whether a POST to this path is a request in this format. */
  serves(path: string): boolean
  conversation(body: RequestBody): PriorMessage[]
  /** Why the vendor refuses the request. */
  problem?(body: RequestBody): string | undefined
  /** The frames that are sent with the headers. */
  opening(usage: ScriptedUsage | undefined): string
  /** The chunks of the block at index `at`. */
  block(block: ScriptedBlock, at: number): Iterable<string>
  ending(end: { finish: string; usage: ScriptedUsage | undefined; body: RequestBody }): string[]
  error(body: unknown): string
  /** A chunk that is not JSON. */
  broken: string
  /** A chunk without content. */
  empty: string
}

/** The texts of content that is a string or a list of parts. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part: { text?: string }) => part.text ?? '').join('')
}

export function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : []
}

/** Pairs each item with whether it is the last one. */
export function* withLast<T>(items: Iterable<T>): Generator<{ item: T; last: boolean }> {
  let held: { item: T } | undefined
  for (const item of items) {
    if (held !== undefined) yield { item: held.item, last: false }
    held = { item }
  }
  if (held !== undefined) yield { item: held.item, last: true }
}

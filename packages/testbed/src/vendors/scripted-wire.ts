import type { ScriptedBlock, ScriptedUsage } from './scripted-reply.ts'

export type RequestBody = Record<string, unknown>

/** What was said in a conversation; `other` is what a system or a tool says. */
export type PriorMessage = { role: 'user' | 'assistant' | 'other'; text: string }

/** How a vendor's stream is written. All texts are whole frames. */
export type Wire = {
  /** Whether a POST to this path is one of its requests. */
  serves(path: string): boolean
  conversation(body: RequestBody): PriorMessage[]
  /** What goes out with the headers. */
  opening(usage: ScriptedUsage | undefined): string
  /** The chunks of one block, of which `at` others went before. */
  block(block: ScriptedBlock, at: number): Iterable<string>
  ending(end: { finish: string; usage: ScriptedUsage | undefined; body: RequestBody }): string[]
  error(body: unknown): string
  /** A chunk that is no JSON. */
  broken: string
  /** A chunk with nothing in it. */
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

/** Each item, and whether it is the last. */
export function* withLast<T>(items: Iterable<T>): Generator<{ item: T; last: boolean }> {
  let held: { item: T } | undefined
  for (const item of items) {
    if (held !== undefined) yield { item: held.item, last: false }
    held = { item }
  }
  if (held !== undefined) yield { item: held.item, last: true }
}

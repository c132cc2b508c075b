import { z } from 'zod'
import type { HistoryResult, Message, UserPart } from './message.ts'
import { tokensOf, tokensOfFile, tokensOfResult, tokensOfText } from './tokens.ts'
import { addParts } from './merge-parts.ts'

/**
 * The parts that are left out of a history: the first `messages` messages, up to a user message; then `steps` steps of
 * the turn that begins there, each a reply with the results of its calls; then the contents of the `contents` oldest
 * results and files, which notes replace.
 */
export const Trim = z.object({ messages: z.int(), steps: z.int(), contents: z.int() })
export type Trim = z.infer<typeof Trim>

/** The history without these parts. It is as valid as before, whatever the numbers are. */
export function trimmed(history: readonly Message[], trim: Trim): Message[] {
  const begins = history[trim.messages]?.role === 'user' ? trim.messages : 0
  const rest = history.slice(begins)
  rest.splice(1, 2 * Math.min(trim.steps, spareSteps(rest)))
  const lastUser = rest.findLastIndex(({ role }) => role === 'user')
  let left = trim.contents
  return rest.map((message, at) => {
    if (message.role === 'tool') {
      const isLast = at === rest.length - 1
      return { ...message, results: message.results.map((one) => withoutContent(one, isLast)) }
    }
    if (message.role === 'assistant' || at === lastUser) return message
    return { ...message, parts: addParts([], message.parts.map(withoutFile)) }
  })

  function withoutFile(part: UserPart): UserPart {
    if (part.kind !== 'file' || left === 0) return part
    left -= 1
    return { kind: 'text', text: noteOfFile(part.name) }
  }

  function withoutContent(result: HistoryResult, isLast: boolean): HistoryResult {
    if (!mayLeaveOut(result, isLast) || left === 0) return result
    left -= 1
    const { files: _, ...others } = result
    return { ...others, text: noteOfResult(result) }
  }
}

/**
 * The smallest trim after which the history has at most `limit` tokens. It leaves out first the contents of the oldest
 * results and files, then the oldest turns, then the oldest steps of the latest turn, last the newest results. The
 * latest message of the caller is never left out, a user message or results. When even the largest trim is not
 * sufficient, returns that one; undefined when nothing can be left out.
 */
export function planTrim(history: readonly Message[], limit: number): Trim | undefined {
  const sizes = history.map(tokensOf)
  const lastUser = history.findLastIndex(({ role }) => role === 'user')
  const lastResults = history.findLastIndex(({ role }) => role === 'tool')
  // The oldest items come first, the newest results last.
  const items = history.flatMap((message, at) => itemsOf(message, at, at === history.length - 1))
  const old = items.filter(({ at, file }) => at < (file ? lastUser : lastResults))
  const steps = spareSteps(history.slice(Math.max(lastUser, 0)))

  const total = sum(sizes)
  let saved = 0
  for (const [index, item] of old.entries()) {
    saved += item.saves
    if (total - saved <= limit) return { messages: 0, steps: 0, contents: index + 1 }
  }

  const left = sizeWithout(sizes, old)
  for (const [at, { role }] of history.entries()) {
    if (at === 0 || at > lastUser || role !== 'user') continue
    if (left(at, 0) <= limit) return cut(at, 0, old)
  }
  const begins = Math.max(lastUser, 0)
  for (let out = 1; out <= steps; out += 1) {
    if (left(begins, out) <= limit) return cut(begins, out, old)
  }
  const largest = cut(
    begins,
    steps,
    items.filter(({ file, at }) => !file || at < lastUser),
  )
  return largest.messages + largest.steps + largest.contents === 0 ? undefined : largest
}

/**
 * The size of a history that begins at a message, without some steps after that message, and with notes in place of
 * some contents. The sums are computed once, because a history may have tens of thousands of messages.
 */
function sizeWithout(sizes: number[], replaced: Item[]): (begins: number, steps: number) => number {
  const own = [...sizes]
  for (const { at, saves } of replaced) own[at] = (own[at] ?? 0) - saves
  /** The size of all messages from an index on. */
  const from = [...own, 0]
  for (let at = own.length - 1; at >= 0; at -= 1) from[at] = (own[at] ?? 0) + (from[at + 1] ?? 0)
  return (begins, steps) => (own[begins] ?? 0) + (from[begins + 1 + 2 * steps] ?? 0)
}

/** Counts only the notes of messages that are not left out. */
function cut(messages: number, steps: number, replaced: Item[]): Trim {
  const isLeft = ({ at }: Item) => at >= messages && !(at > messages && at <= messages + 2 * steps)
  return { messages, steps, contents: replaced.filter(isLeft).length }
}

type Item = { at: number; file: boolean; saves: number }

/** The contents that a note can replace, and the tokens that this saves. */
function itemsOf(message: Message, at: number, isLast: boolean): Item[] {
  if (message.role === 'user') {
    return message.parts.flatMap((part) =>
      part.kind === 'file'
        ? [{ at, file: true, saves: tokensOfFile(part) - tokensOfText(noteOfFile(part.name)) }]
        : [],
    )
  }
  if (message.role === 'assistant') return []
  const results = message.results.filter((result) => mayLeaveOut(result, isLast))
  return results.map((result) => ({
    at,
    file: false,
    saves: tokensOfResult(result) - tokensOfText(noteOfResult(result)),
  }))
}

/** The number of steps after the first message that can be left out. The last step and all that follows it stay. */
function spareSteps(history: readonly Message[]): number {
  let steps = 0
  while (
    history[2 * steps + 1]?.role === 'assistant' &&
    history[2 * steps + 2]?.role === 'tool' &&
    history[2 * steps + 3]?.role === 'assistant'
  ) {
    steps += 1
  }
  return steps
}

/** The model has not answered the results of the last message. Those of the caller stay. */
function mayLeaveOut(result: HistoryResult, isLast: boolean): boolean {
  return isBulky(result) && !(isLast && result.fromCaller === true)
}

/** A note is not replaced by a note, nor is a text that is as short. Files are always larger than a note. */
function isBulky(result: HistoryResult): boolean {
  return result.files !== undefined || result.text.length > 2 * noteOfResult(result).length
}

function noteOfResult({ text, files }: HistoryResult): string {
  const more = files === undefined ? '' : `; files: ${files.length}`
  return `[left out to save room: ${text.length} characters${more}]`
}

function noteOfFile(name = 'without a name'): string {
  return `[file ${name} left out to save room]`
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

import type { HistoryResult, Message } from './message.ts'
import { tokensOf, tokensOfFile, tokensOfResult, tokensOfText } from './tokens.ts'
import type { Trim } from './trim.ts'

/** The plan of `planTrim` in its simplest form. Its time grows with the square of the history's length. */
export function plainTrim(history: readonly Message[], limit: number): Trim | undefined {
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

  const left = (begins: number, stepsOut: number, replaced: Item[]): number => {
    const gone = (at: number) => at < begins || (at > begins && at <= begins + 2 * stepsOut)
    const size = sum(sizes.filter((_, at) => !gone(at)))
    return size - sum(replaced.filter(({ at }) => !gone(at)).map(({ saves }) => saves))
  }
  for (const [at, { role }] of history.entries()) {
    if (at === 0 || at > lastUser || role !== 'user') continue
    if (left(at, 0, old) <= limit) return cut(at, 0, old)
  }
  const begins = Math.max(lastUser, 0)
  for (let out = 1; out <= steps; out += 1) {
    if (left(begins, out, old) <= limit) return cut(begins, out, old)
  }
  const most = cut(
    begins,
    steps,
    items.filter(({ file, at }) => !file || at < lastUser),
  )
  return most.messages + most.steps + most.contents === 0 ? undefined : most
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

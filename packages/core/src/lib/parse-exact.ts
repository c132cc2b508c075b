import { endOfString } from './json-shape.ts'

/** Functions of JSON that TypeScript's library does not describe yet. */
const json = JSON as unknown as {
  rawJSON(text: string): unknown
  isRawJSON(value: unknown): boolean
}

/**
 * `JSON.parse` for values that are only passed on. An integer that a number cannot hold becomes an object that
 * `JSON.stringify` writes with the same digits. Throws a SyntaxError when the text is not JSON.
 *
 * A reviver would do the same, but takes ten times as long as the parser: a text of such integers would block the event
 * loop. Therefore these integers are parsed as strings that begin with a mark.
 */
export function parseExact(text: string): unknown {
  // Few texts contain such an integer.
  if (!mayHoldLargeInteger.test(text)) return JSON.parse(text)
  const mark = unusedCharacter(text)
  if (mark === undefined) return JSON.parse(text)
  return withoutMarks(JSON.parse(withMarks(text, mark)), mark)
}

/** Whether a value represents an integer that a number cannot hold. */
export function isLargeInteger(value: unknown): boolean {
  return json.isRawJSON(value)
}

const mayHoldLargeInteger = /[\s:,[-]\d{16}|^\d{16}/
/** An integer of 16 digits or more that is neither part of another number nor a name. */
const longInteger = /(?<![\d.eE+-])-?[1-9]\d{15,}(?![\d.eE]|\s*:)/g

/**
 * A character of the private use area that no string of the text contains, literally or as an escape; undefined when
 * there is none.
 */
function unusedCharacter(text: string): string | undefined {
  const used = new Set<string>()
  for (const [written] of text.matchAll(/[\ue000-\uf8ff]|\\u(?:e[\da-f]|f[0-8])[\da-f]{2}/gi)) {
    const code = Number.parseInt(written.slice(2), 16)
    used.add(written.length === 1 ? written : String.fromCodePoint(code))
  }
  for (let code = 0xe000; code <= 0xf8ff; code += 1) {
    const character = String.fromCodePoint(code)
    if (!used.has(character)) return character
  }
  return undefined
}

/** The text with its large integers as strings that begin with the mark. One pass, which skips strings. */
function withMarks(text: string, mark: string): string {
  let marked = ''
  let copied = 0
  let string = text.indexOf('"')
  longInteger.lastIndex = 0
  for (let found = longInteger.exec(text); found !== null; found = longInteger.exec(text)) {
    let end = 0
    while (string !== -1 && string < found.index) {
      end = endOfString(text, string) + 1
      string = text.indexOf('"', end)
    }
    if (end > found.index) {
      longInteger.lastIndex = end
      continue
    }
    const [digits] = found
    // Some integers of 16 digits are safe.
    if (digits.length < 18 && Number.isSafeInteger(Number(digits))) continue
    marked += `${text.slice(copied, found.index)}"${mark}${digits}"`
    copied = longInteger.lastIndex
  }
  return marked + text.slice(copied)
}

/**
 * The value with its marked strings replaced by the integers that they represent. Not recursive, because a value may be
 * nested deeply.
 */
function withoutMarks(root: unknown, mark: string): unknown {
  const unmarked = (value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? json.rawJSON(value.slice(1)) : value
  const open: unknown[] = []
  function visit(holder: Record<PropertyKey, unknown>, key: PropertyKey): void {
    const value = holder[key]
    if (typeof value === 'object' && value !== null) open.push(value)
    else if (typeof value === 'string' && value.startsWith(mark)) holder[key] = unmarked(value)
  }
  if (typeof root === 'object' && root !== null) open.push(root)
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const holder = value as Record<PropertyKey, unknown>
    if (Array.isArray(value)) for (let at = 0; at < value.length; at += 1) visit(holder, at)
    else for (const key of Object.keys(holder)) visit(holder, key)
  }
  return unmarked(root)
}

import { limits } from '../limits/limits.ts'

/**
 * The limit that a JSON text exceeds, its depth or its number of values; undefined when it exceeds none. One pass over
 * the text outside of its strings, so that a text that would take a second to parse is refused before. It does not
 * check that the text is JSON; the parser does.
 */
export function shapeProblem(text: string): string | undefined {
  let depth = 0
  let values = 1
  let strings = 0
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case quote:
        index = endOfString(text, index)
        strings += 1
        break
      case openBrace:
      case openBracket:
        depth += 1
        values += 1
        if (depth > limits.jsonDepth) return `is nested deeper than ${limits.jsonDepth} levels`
        break
      case closeBrace:
      case closeBracket:
        depth -= 1
        break
      case comma:
        values += 1
        break
      default:
    }
    // Each value may be a string and have a key.
    if (values > limits.jsonValues || strings > 2 * limits.jsonValues) {
      return `holds more than ${limits.jsonValues} values`
    }
  }
  return undefined
}

/** The same for a text that may or may not be JSON: it is checked if it begins and ends like an object or a list. */
export function shapeProblemOfResult(text: string): string | undefined {
  return /^\s*[[{]/.test(text) && /[\]}]$/.test(text.slice(-100).trimEnd())
    ? shapeProblem(text)
    : undefined
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]

/**
 * The index of the quote that ends the string begun at `start`. Most strings contain no escape before it, and are not
 * scanned character by character.
 */
export function endOfString(text: string, start: number): number {
  let index = text.indexOf('"', start + 1)
  if (index === -1) return text.length
  if (text.charCodeAt(index - 1) !== backslash) return index
  for (index = start + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === quote) break
    if (code === backslash) index += 1
  }
  return index
}

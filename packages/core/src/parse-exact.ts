type Revive = (key: string, value: unknown) => unknown

/** What JavaScript has of JSON and TypeScript's library does not describe yet. */
const json = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown
  rawJSON(text: string): unknown
  isRawJSON(value: unknown): boolean
}

/**
 * `JSON.parse` for values that are only passed on: an integer that a number cannot hold becomes an object that
 * `JSON.stringify` writes with the same digits. Throws a SyntaxError when the text is no JSON.
 */
export function parseExact(text: string, revive?: Revive): unknown {
  // A reviver costs several times the parsing, and few texts have such an integer.
  if (!mayHoldLargeInteger.test(text)) return JSON.parse(text, revive)
  try {
    return json.parse(text, (key, value, { source = '' }) => {
      const isLarge = typeof value === 'number' && !Number.isSafeInteger(value)
      if (isLarge && /^-?\d+$/.test(source)) return json.rawJSON(source)
      return revive === undefined ? value : revive(key, value)
    })
  } catch (error) {
    // A reviver cannot go as deep as the parser: what is nested so deeply is read without its last digits.
    if (error instanceof RangeError && revive === undefined) return JSON.parse(text)
    throw error
  }
}

/** Whether a value stands for an integer that a number cannot hold. */
export function isLargeInteger(value: unknown): boolean {
  return json.isRawJSON(value)
}

const mayHoldLargeInteger = /[\s:,[-]\d{16}|^\d{16}/

/**
 * Counts the values in the JSON of a reply approximately while it arrives, since parsing takes longer than reading. The
 * end of a line always ends a string.
 */
export function createValueCounter(): (chunk: Uint8Array) => number {
  let values = 0
  let isInString = false
  let isEscaped = false

  function count(byte: number): void {
    if (isEscaped) isEscaped = false
    else if (isInString && byte === backslash) isEscaped = true
    else if (byte === quote) isInString = !isInString
    else if (byte === lineFeed || byte === carriageReturn) isInString = false
    else if (!isInString && begins.has(byte)) values += 1
  }

  return (chunk) => {
    for (const byte of chunk) count(byte)
    return values
  }
}

const [quote, backslash, lineFeed, carriageReturn] = [0x22, 0x5c, 0x0a, 0x0d]
/** The bytes that begin a value: `{`, `[`, and `,` before the next value. */
const begins = new Set([0x7b, 0x5b, 0x2c])

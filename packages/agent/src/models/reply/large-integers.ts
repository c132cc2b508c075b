import { randomUUID } from 'node:crypto'

/** The prefix of an integer that was turned into a text. It is random, so no model can guess it. */
const mark = `int-${randomUUID()}:`
const marked = new RegExp(`"${mark}(-?\\d+)"`, 'g')

/**
 * For a vendor that sends the arguments of a call as JSON within its own JSON, which the library parses. Integers that
 * a number cannot hold pass through the library as marked texts.
 */
export function markLargeIntegers(): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder()
  const encoder = new TextEncoder()
  /** The pieces of a line that has not ended yet. */
  let pieces: string[] = []
  function written(end: string): Uint8Array {
    const lines = [...pieces, end].join('').split('\n')
    pieces = []
    return encoder.encode(lines.map(markedLine).join('\n'))
  }
  return new TransformStream({
    transform(chunk, controller) {
      const text = decoder.decode(chunk, { stream: true })
      const end = text.lastIndexOf('\n') + 1
      if (end > 0) controller.enqueue(written(text.slice(0, end)))
      pieces.push(text.slice(end))
    },
    flush(controller) {
      controller.enqueue(written(decoder.decode()))
    },
  })
}

/** Restores the integers that `markLargeIntegers` has marked. */
export function unmarkLargeIntegers(json: string): string {
  return json.replaceAll(marked, '$1')
}

/** Matches a text, which stays unchanged, or a whole number literal with at least 16 digits. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d{16,}(?:[.eE\d][\d.eE+-]*)?/g

function markedLine(line: string): string {
  if (!/\d{16}/.test(line)) return line
  return line.replaceAll(tokens, (token) =>
    /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${mark}${token}"` : token,
  )
}

import { randomUUID } from 'node:crypto'

/** What stands before the digits of an integer that was made a text; no model can guess it. */
const mark = `int-${randomUUID()}:`
const marked = new RegExp(`"${mark}(-?\\d+)"`, 'g')

/**
 * For a vendor that sends a call's arguments as JSON within its own, which the library parses: integers that a number
 * cannot hold pass through it as marked texts.
 */
export function markLargeIntegers(): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder()
  const encoder = new TextEncoder()
  /** Of a line that has not ended yet. */
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

/** Brings the integers back that `markLargeIntegers` has marked. */
export function unmarkLargeIntegers(json: string): string {
  return json.replaceAll(marked, '$1')
}

/** A text, which is left as it is, or a long number with what belongs to it. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d{16,}(?:[.eE\d][\d.eE+-]*)?/g

function markedLine(line: string): string {
  if (!/\d{16}/.test(line)) return line
  return line.replaceAll(tokens, (token) =>
    /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${mark}${token}"` : token,
  )
}

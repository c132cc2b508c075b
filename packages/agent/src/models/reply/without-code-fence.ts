import type { ProviderEvent } from '../provider.ts'

type TextEvent = Extract<ProviderEvent, { type: 'text' | 'reasoning' }>

/**
 * Removes a code fence around a whole JSON answer: models write one although they were asked for JSON alone. The texts
 * that may belong to a fence are held back until it is clear, so the streamed text is the text of the answer. A fence
 * that other text follows loses its first line only: that line is not streamed, and so it is not in the answer.
 */
export async function* withoutCodeFence(
  events: AsyncIterable<ProviderEvent>,
): AsyncGenerator<ProviderEvent> {
  let state = 'start' as 'start' | 'inside' | 'plain'
  let held: TextEvent[] = []

  /** Takes the first characters out of the held texts. */
  function take(length: number): TextEvent[] {
    const [taken, rest] = split(held, length)
    held = rest
    return taken
  }

  function takeDecided(): TextEvent[] {
    if (state === 'start') {
      const text = textOf(held)
      const [opening] = openingFence.exec(text.slice(0, longestHeld)) ?? []
      if (opening !== undefined) {
        held = [...withoutText(take(opening.length)), ...held]
        state = 'inside'
      } else if (text.length > longestHeld || !mayBecomeFence.test(text)) {
        state = 'plain'
      }
    }
    if (held.length > longestHeld) state = 'plain'
    if (state === 'start') return []
    const text = textOf(held)
    return take(state === 'inside' ? text.length - closingLength(text) : text.length)
  }

  for await (const event of events) {
    if (event.type === 'text' && event.refusal === undefined) {
      held.push(event)
      yield* takeDecided()
      // While text is held back, a ping shows that the answer continues.
      if (held.length > 0) yield { type: 'ping' }
      continue
    }
    if (event.type === 'reasoning' || event.type === 'text') {
      if (textOf(held).trim() !== '' && state === 'start') state = 'plain'
      yield* take(Infinity)
    } else if (event.type === 'end') {
      const closed = state === 'inside' && textOf(held).trim() === '```'
      yield* closed ? withoutText(held) : held
    }
    yield event
  }
}

/** The longest text that is held back. No fence is longer. */
const longestHeld = 64

const openingFence = /^\s*```(?:json\w*)?\s*(?=[[{])/i
const mayBecomeFence = /^\s*(?:`{0,2}|```(?:j|js|jso|json\w*)?\s*)$/i

/** The length of the end of a text that may be the closing fence, or its beginning. */
function closingLength(text: string): number {
  const end = text.slice(-longestHeld)
  const after = end.length - end.trimEnd().length
  const fence = end.trimEnd()
  const ticks = fence.endsWith('```') ? 3 : fence.endsWith('``') ? 2 : fence.endsWith('`') ? 1 : 0
  const before = fence.slice(0, fence.length - ticks)
  const length = after + ticks + before.length - before.trimEnd().length
  return length < longestHeld ? length : 0
}

/** Only the data that the vendor needs back. */
function withoutText(events: TextEvent[]): TextEvent[] {
  return events.flatMap((event) => (event.vendor === undefined ? [] : { ...event, text: '' }))
}

function textOf(events: TextEvent[]): string {
  return events.map(({ text }) => text).join('')
}

/** The events of the first characters, and those of the others. The data of a vendor stays with the end of its text. */
function split(events: TextEvent[], length: number): [TextEvent[], TextEvent[]] {
  const first: TextEvent[] = []
  let left = length
  for (const [at, event] of events.entries()) {
    if (event.text.length > left) {
      const { vendor: _, ...begin } = { ...event, text: event.text.slice(0, left) }
      const rest = { ...event, text: event.text.slice(left) }
      return [left > 0 ? [...first, begin] : first, [rest, ...events.slice(at + 1)]]
    }
    left -= event.text.length
    first.push(event)
  }
  return [first, []]
}

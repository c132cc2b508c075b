import { itemId } from '@longhaul/core'
import type { Item } from './output-item.ts'

/** A server-sent event in its wire format. */
export type WireEvent = { type: string; sequence_number: number } & Record<string, unknown>

export type EventWriter = ReturnType<typeof createEventWriter>

/** An item of the output. */
type Added = { id: string; index: number }

/** Numbers the events of a response, and keeps its output. */
export function createEventWriter(taskId: string) {
  let turn = 0
  let next = 0
  let events: WireEvent[] = []
  const output: Item[] = []
  const sources: string[] = []

  /** The turn of the response. It is known before the first item. */
  function begin(number: number): void {
    turn = number
  }

  function emit(type: string, fields: Record<string, unknown>): void {
    events.push({ type, sequence_number: next, ...fields })
    next += 1
  }

  /** Skips numbers. */
  function skip(count: number): void {
    next += count
  }

  /** Adds an item, which gets its id, to the output. `source` is the id of the part or of the call that it shows. */
  function addItem(prefix: string, source: string, itemOf: (id: string) => Item): Added {
    const index = output.length
    const id = itemId(prefix, { taskId, turn, side: 'output', index })
    const item = itemOf(id)
    output.push(item)
    sources.push(source)
    emit('response.output_item.added', { output_index: index, item })
    return { id, index }
  }

  function closeItem(index: number, item: Item): void {
    output[index] = item
    emit('response.output_item.done', { output_index: index, item })
  }

  /** Returns the events since the previous call. */
  function take(): WireEvent[] {
    const taken = events
    events = []
    return taken
  }

  return { output, sources, begin, emit, skip, addItem, closeItem, take }
}

/** The position of an item, in the fields of an event. */
export function placeOf({ id, index }: Added): { item_id: string; output_index: number } {
  return { item_id: id, output_index: index }
}

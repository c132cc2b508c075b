import type { Item } from './output-item.ts'

/** A server-sent event in its wire format. */
export type WireEvent = { type: string; sequence_number: number } & Record<string, unknown>

export type EventWriter = ReturnType<typeof createEventWriter>

/** Numbers the events of a response, and keeps its output. */
export function createEventWriter() {
  let next = 0
  let events: WireEvent[] = []
  const output: Item[] = []

  function emit(type: string, fields: Record<string, unknown>): void {
    events.push({ type, sequence_number: next, ...fields })
    next += 1
  }

  /** Skips numbers. */
  function skip(count: number): void {
    next += count
  }

  /** Adds an item to the output, and returns its index. */
  function addItem(item: Item): number {
    const index = output.push(item) - 1
    emit('response.output_item.added', { output_index: index, item })
    return index
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

  return { output, emit, skip, addItem, closeItem, take }
}

/** The position of an item, in the fields of an event. */
export function placeOf({ id }: Item, index: number): { item_id: string; output_index: number } {
  return { item_id: id, output_index: index }
}

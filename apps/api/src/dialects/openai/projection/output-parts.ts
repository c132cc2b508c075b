import type { Delta, PartFinished } from '@longhaul/core'
import { type EventWriter, placeOf } from './event-writer.ts'
import { formOf, type PartEvent, type PartForm } from './part-form.ts'

type Part = Pick<Delta, 'partId' | 'kind' | 'refusal'>
type OpenPart = { id: string; index: number; deltas: number; part: Part; form: PartForm }

/** The parts of the model's answer: each is an item of the output. */
export function createOutputParts({ emit, skip, addItem, closeItem }: EventWriter) {
  /** The open parts by id: the item of each, and the number of its deltas so far. */
  const open = new Map<string, OpenPart>()
  let summarized = false

  function openPart(part: Part): OpenPart {
    const known = open.get(part.partId)
    if (known !== undefined) return known
    const form = formOf(part, { summarized })
    const added = addItem(form.prefix, part.partId, (id) => form.item(id, 'in_progress'))
    const opened = { ...added, deltas: 0, part, form }
    open.set(part.partId, opened)
    emitAll(opened, form.opened)
    return opened
  }

  function emitAll(part: OpenPart, events: PartEvent[]): void {
    for (const [type, fields] of events) emit(type, { ...placeOf(part), ...fields })
  }

  /** Closes the item of a part without text. It stays in the output. */
  function abandon(part: Part): void {
    const { id, index, form } = openPart(part)
    open.delete(part.partId)
    closeItem(index, form.item(id, 'incomplete'))
  }

  return {
    abandon,

    /** From now on, reasoning is also shown as its summary. */
    summarize(): void {
      summarized = true
    },

    addDelta(delta: Delta): void {
      const part = openPart(delta)
      part.deltas += 1
      emitAll(part, part.form.delta(delta.text))
    },

    /** Skips the numbers of deltas that are deleted. */
    skipDeltas(part: Part & { deltas: number }): void {
      const { deltas, form } = openPart(part)
      skip((part.deltas - deltas) * form.delta('').length)
    },

    close(part: PartFinished, status: 'completed' | 'incomplete'): void {
      const opened = openPart(part)
      const { id, index, form } = opened
      open.delete(part.partId)
      emitAll(opened, form.finished(part, status))
      closeItem(index, form.item(id, status, part))
    },

    abandonOpen(): void {
      for (const { part } of open.values()) abandon(part)
    },
  }
}

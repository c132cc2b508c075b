import type { Delta, PartFinished } from '@longhaul/core'
import { type EventWriter, placeOf } from './event-writer.ts'
import { contentPart, partItem } from './output-item.ts'

type Part = Pick<PartFinished, 'partId' | 'kind'>
type OpenPart = { id: string; index: number; deltas: number; part: Part }

/** The parts of the model's answer: each is an item of the output. */
export function createOutputParts({ emit, skip, addItem, closeItem }: EventWriter) {
  /** The open parts by id: the item of each, and the number of its deltas so far. */
  const open = new Map<string, OpenPart>()

  function openPart({ partId, kind }: Part): OpenPart {
    const known = open.get(partId)
    if (known !== undefined) return known
    const prefix = kind === 'text' ? 'msg' : 'rs'
    const added = addItem(prefix, partId, (id) => partItem(id, kind, 'in_progress'))
    const opened = { ...added, deltas: 0, part: { partId, kind } }
    open.set(partId, opened)
    emit('response.content_part.added', {
      ...placeOf(added),
      content_index: 0,
      part: contentPart(kind, ''),
    })
    return opened
  }

  /** Closes the item of a part without text. It stays in the output. */
  function abandon(part: Part): void {
    const { id, index } = openPart(part)
    open.delete(part.partId)
    closeItem(index, partItem(id, part.kind, 'incomplete'))
  }

  return {
    abandon,

    addDelta({ partId, kind, text }: Delta): void {
      const part = openPart({ partId, kind })
      part.deltas += 1
      emit(kind === 'text' ? 'response.output_text.delta' : 'response.reasoning_text.delta', {
        ...placeOf(part),
        content_index: 0,
        delta: text,
        ...(kind === 'text' && { logprobs: [] }),
      })
    },

    /** Skips the numbers of deltas that are deleted. */
    skipDeltas(part: Part & { deltas: number }): void {
      skip(part.deltas - openPart(part).deltas)
    },

    close(part: PartFinished, status: 'completed' | 'incomplete'): void {
      const { kind, text } = part
      const opened = openPart(part)
      open.delete(part.partId)
      const item = partItem(opened.id, kind, status, text)
      const position = { ...placeOf(opened), content_index: 0 }
      if (kind === 'text') emit('response.output_text.done', { ...position, text, logprobs: [] })
      else emit('response.reasoning_text.done', { ...position, text })
      emit('response.content_part.done', { ...position, part: contentPart(kind, text) })
      closeItem(opened.index, item)
    },

    abandonOpen(): void {
      for (const { part } of open.values()) abandon(part)
    },
  }
}

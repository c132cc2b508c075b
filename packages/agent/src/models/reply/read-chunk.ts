import type { Annotations } from '@longhaul/core'
import type { ProviderEvent } from '../provider.ts'
import { appendDetails, type ReasoningDetail } from './reasoning-details.ts'
import { isObject, listOf } from './objects.ts'
import { urlCitation } from './url-citation.ts'

export type ChunkReader = ReturnType<typeof createChunkReader>

/** Reads the fields of chat completions that the library does not know, or mixes with the text. */
export function createChunkReader() {
  const details: ReasoningDetail[] = []
  let refusal = ''

  return {
    /** Reads a chunk before its text. */
    *read(chunk: unknown): Generator<ProviderEvent> {
      const delta = deltaOf(chunk)
      refusal = typeof delta['refusal'] === 'string' ? delta['refusal'] : ''
      const added = listOf(delta['reasoning_details'])
      appendDetails(details, added)
      // They are kept until the end of the answer, and count as output at once.
      if (added.length > 0) yield { type: 'arguments', text: JSON.stringify(added) }
      const sources = listOf(delta['annotations'])
      if (sources.length === 0) return
      const of = (text: string) => sources.flatMap((source) => toAnnotation(source, text))
      yield { type: 'annotations', of }
    },

    /** Whether a text of the last chunk is its refusal. The library passes it on as a text. */
    isRefusal: (text: string): boolean => text !== '' && text === refusal,

    /** All objects of the reasoning, each as a whole. */
    details: (): readonly ReasoningDetail[] => details,
  }
}

function deltaOf(chunk: unknown): Record<string, unknown> {
  const [choice] = isObject(chunk) ? listOf(chunk['choices']) : []
  return isObject(choice?.['delta']) ? choice['delta'] : {}
}

/** Chat completions have the fields of a citation in an object of its type's name. */
function toAnnotation(source: Record<string, unknown>, text: string): Annotations {
  if (source['type'] !== 'url_citation') return []
  const { url_citation: nested = source } = source
  return isObject(nested) ? urlCitation(nested, text) : []
}

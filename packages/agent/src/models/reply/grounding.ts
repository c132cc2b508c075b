import type { Annotations } from '@longhaul/core'
import { isObject, listOf } from './objects.ts'
import { urlCitation } from './url-citation.ts'

/** The supports of one answer that are read; the others are left out. */
const mostSupports = 1_000

/**
 * The web pages that Google's grounding names for segments of a text. Without segments, each page is a source of the
 * whole text.
 */
export function groundingAnnotations(metadata: unknown, text: string): Annotations {
  if (!isObject(metadata)) return []
  const pages = listOf(metadata['groundingChunks']).map((chunk) =>
    isObject(chunk['web']) ? { url: chunk['web']['uri'], title: chunk['web']['title'] } : {},
  )
  const supports = listOf(metadata['groundingSupports']).slice(0, mostSupports)
  if (supports.length === 0) return pages.flatMap((page) => urlCitation(page, text))
  const indexOf = indexesByByte(text)
  return supports.flatMap((support) => {
    const segment = isObject(support['segment']) ? support['segment'] : {}
    const at = {
      // The vendor leaves out a zero.
      start_index: indexOf(segment['startIndex'] ?? 0),
      end_index: indexOf(segment['endIndex']),
    }
    const indices = support['groundingChunkIndices']
    const cited = Array.isArray(indices) ? indices.slice(0, mostSupports) : []
    return cited.flatMap((index) => urlCitation({ ...pages[Number(index)], ...at }, text))
  })
}

/** Finds the index in a text of a number of UTF-8 bytes, in which the vendor counts. */
function indexesByByte(text: string): (bytes: unknown) => number | undefined {
  const before = new Uint32Array(text.length + 1)
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    const isSurrogate = code >= 0xd8_00 && code <= 0xdf_ff
    // Each half of a surrogate pair counts as two of its four bytes.
    const size = code < 0x80 ? 1 : code < 0x8_00 || isSurrogate ? 2 : 3
    before[at + 1] = (before[at] ?? 0) + size
  }
  return (bytes) => {
    if (typeof bytes !== 'number') return undefined
    let [low, high] = [0, text.length]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if ((before[middle] ?? 0) < bytes) low = middle + 1
      else high = middle
    }
    return low
  }
}

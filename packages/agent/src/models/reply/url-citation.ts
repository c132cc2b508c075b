import type { Annotations } from '@longhaul/core'

/** A longer address is left out: an answer may cite it many times. */
const longestUrl = 8_192
const longestTitle = 1_024

/** A web page as a source of a text, as OpenAI Responses has it. Without indexes, it is a source of the whole text. */
export function urlCitation(
  fields: { url?: unknown; title?: unknown; start_index?: unknown; end_index?: unknown },
  text: string,
): Annotations {
  const { url, title, start_index: start, end_index: end } = fields
  if (typeof url !== 'string' || url === '' || url.length > longestUrl) return []
  return [
    {
      type: 'url_citation',
      url,
      title: typeof title === 'string' ? title.slice(0, longestTitle) : '',
      start_index: isIndex(start) ? start : 0,
      end_index: isIndex(end) ? end : text.length,
    },
  ]
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

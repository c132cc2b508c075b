import type { Annotations, ReplyPart } from '@longhaul/core'

/** Collects the sources of an answer's texts. */
export function createSources(parts: readonly ReplyPart[]) {
  const found: { part: ReplyPart | undefined; annotations: Annotations }[] = []

  return {
    /** Adds sources of the last text. Returns them as JSON. */
    add(of: (text: string) => Annotations): string {
      const part = parts.findLast(isText)
      const annotations = of(part?.text ?? '')
      if (annotations.length > 0) found.push({ part, annotations })
      return annotations.length > 0 ? JSON.stringify(annotations) : ''
    },

    /** Writes the sources into their parts, each once. Those that came before any text belong to the first one. */
    attach(): void {
      const known = new Map<ReplyPart, Map<string, Annotations[number]>>()
      for (const { part = parts.find(isText), annotations } of found) {
        if (part === undefined) continue
        const own = known.get(part) ?? new Map<string, Annotations[number]>()
        known.set(part, own)
        for (const annotation of annotations) own.set(JSON.stringify(annotation), annotation)
      }
      for (const [part, own] of known) part.annotations = [...own.values()]
    },
  }
}

function isText({ kind, refusal }: ReplyPart): boolean {
  return kind === 'text' && refusal === undefined
}

/** A word to find, and how many characters before and after it may belong to it. */
export type Word = { text: string; before?: number; after?: number }
export type Range = { start: number; end: number; word: Word }

/** A word of fewer characters is found only where it stands alone. */
const long = 8

/**
 * Finds all words in one pass (the Aho–Corasick algorithm): the time depends only on the length of the text, also for
 * similar words. Of the words that end at the same position the longest counts.
 */
export function findWords(words: readonly Word[]): (text: string) => Range[] {
  /** The edges from a node, which is a prefix of a word, to the prefix with one more character. */
  const steps = new Map<number, number>()
  /** For each node, the node of its longest proper suffix. */
  const fallback = [0]
  const depth = [0]
  const found: (Word | undefined)[] = [undefined]
  /** The lengths of the short words that end at a node, as bits. */
  const shorts = [0]

  for (const word of words) add(word)
  link()

  function add(word: Word): void {
    let node = 0
    for (let at = 0; at < word.text.length; at += 1) {
      const key = keyOf(node, word.text.charCodeAt(at))
      const next = steps.get(key) ?? fallback.length
      if (next === fallback.length) {
        steps.set(key, next)
        fallback.push(0)
        depth.push(at + 1)
        found.push(undefined)
        shorts.push(0)
      }
      node = next
    }
    if (word.text.length < long) shorts[node] = 1 << word.text.length
    else found[node] ??= word
  }

  /** Links nodes in the order of their depth, since a link depends on those of shorter prefixes. */
  function link(): void {
    const edges = [...steps].toSorted(([, a], [, b]) => (depth[a] ?? 0) - (depth[b] ?? 0))
    for (const [key, node] of edges) {
      const parent = Math.floor(key / 0x1_00_00)
      const shorter = parent === 0 ? 0 : after(fallback[parent] ?? 0, key % 0x1_00_00)
      fallback[node] = shorter
      found[node] ??= found[shorter]
      shorts[node] = (shorts[node] ?? 0) | (shorts[shorter] ?? 0)
    }
  }

  function after(from: number, code: number): number {
    for (let node = from; ; node = fallback[node] ?? 0) {
      const next = steps.get(keyOf(node, code))
      if (next !== undefined) return next
      if (node === 0) return 0
    }
  }

  return (text) => {
    const ranges: Range[] = []
    let node = 0
    for (let end = 1; end <= text.length; end += 1) {
      node = after(node, text.charCodeAt(end - 1))
      const word = found[node]
      if (word !== undefined) ranges.push({ start: end - word.text.length, end, word })
      for (const length of lengthsIn(shorts[node] ?? 0)) {
        const start = end - length
        if (!standsAlone(text, start, end)) continue
        ranges.push({ start, end, word: { text: text.slice(start, end) } })
      }
    }
    return ranges
  }
}

function keyOf(node: number, code: number): number {
  return node * 0x1_00_00 + code
}

function lengthsIn(bits: number): readonly number[] {
  return bits === 0 ? none : shortLengths.filter((length) => (bits & (1 << length)) !== 0)
}

const none: readonly number[] = []
const shortLengths = Array.from({ length: long }, (_, length) => length)

function standsAlone(text: string, start: number, end: number): boolean {
  const isPart = (at: number) => /[A-Za-z0-9]/.test(text.charAt(at))
  return !isPart(start - 1) && !isPart(end)
}

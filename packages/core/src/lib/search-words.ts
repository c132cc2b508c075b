import { limits } from '../limits/limits.ts'

/** Characters of scripts that write no spaces between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/u

/** The words of a text by which its task can be found: the first ones that fit, each once, with spaces between. */
export function searchWords(text: string): string {
  let words = ''
  let left: number = limits.search.bytes
  const seen = new Set<string>()
  for (const word of wordsOf(text.slice(0, limits.search.characters))) {
    if (seen.has(word)) continue
    seen.add(word)
    left -= Buffer.byteLength(word) + 1
    if (left < 0) break
    words += words === '' ? word : ` ${word}`
  }
  return words
}

/** The words of a text in the form in which they are compared: lower case, without accents. */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
  return plain.match(/[\p{L}\p{N}]+/gu) ?? []
}

/** Whether each of the wanted words begins a word of a task. A word of a script without spaces may be inside of one. */
export function hasWords(words: string, wanted: readonly string[]): boolean {
  const known = ` ${words}`
  return wanted.every((word) => known.includes(unspaced.test(word) ? word : ` ${word}`))
}

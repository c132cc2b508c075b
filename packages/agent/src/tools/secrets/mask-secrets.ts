import { findWords, type Range, type Word } from './find-words.ts'
import { decodedViewsOf } from './decoded-views.ts'

/** A secret with fewer characters is masked only where it is a whole value. */
const short = 4
/** A secret with this many characters or more is also found in hex and in base64. */
const long = 8
/** A piece of a secret, between separators, counts as a secret from this many characters on. */
const piece = 12

/**
 * Replaces secrets in a text by a mask, in all forms in which a server may repeat them: unchanged, without the
 * authentication scheme, escaped for JSON, HTML or URLs, in hex, and in base64, also as a part of a longer value.
 * Neither the text nor the secrets can make the search slow. Undefined when there is nothing to find.
 */
export function maskFor(
  secrets: Iterable<string>,
  mask: string,
): ((text: string) => string) | undefined {
  const parts = [...new Set([...secrets].flatMap(partsOf))].filter(({ length }) => length >= short)
  if (parts.length === 0) return undefined
  const longParts = parts.filter(({ length }) => length >= long)
  const plain = findWords(parts.map((text) => ({ text })))
  const hex = findWords(longParts.map((part) => ({ text: Buffer.from(part).toString('hex') })))
  const base64 = findWords(longParts.flatMap(base64Words))

  return (text) => {
    const ranges = decodedViewsOf(text).flatMap(({ text: view, positions }) =>
      plain(view).map(({ start, end }) => ({
        start: positions?.[start] ?? start,
        end: positions?.[end] ?? end,
      })),
    )
    const encoded = base64(inPlain64(text)).map((range) => widened(text, range))
    return masked(text, [...ranges, ...hex(inLowerHex(text)), ...encoded], mask)
  }
}

/** A secret and its parts that are also secret: a server may repeat `Bearer x` as `x`. */
export function partsOf(secret: string): string[] {
  const whole = secret.trim()
  const [, rest] = /^[A-Za-z][\w.-]{0,31} +(\S.*)$/s.exec(whole) ?? []
  const credentials = /^Basic /i.test(whole) && rest !== undefined ? decoded(rest) : undefined
  const values = [whole, ...(rest === undefined ? [] : [rest])]
  if (credentials !== undefined) {
    values.push(credentials, credentials.slice(credentials.indexOf(':') + 1))
  }
  const pieces = (rest ?? whole).split(/[\s,;:="']+/).filter(({ length }) => length >= piece)
  return [secret, ...values, ...pieces].filter((each) => each !== '')
}

function decoded(base64: string): string | undefined {
  const text = Buffer.from(base64, 'base64').toString('utf8')
  return /^[^\p{Cc}\uFFFD]+$/u.test(text) ? text : undefined
}

/**
 * The base64 forms of a part after 0, 1 or 2 bytes of a longer value. Characters that encode both the part and other
 * bytes belong to it.
 */
function base64Words(part: string): Word[] {
  const bytes = Buffer.from(part)
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '')
    const shared = before === 0 ? 0 : before + 1
    const certain = Math.floor(((before + bytes.length) * 8) / 6)
    return {
      text: text.slice(shared, certain),
      before: shared,
      after: certain < text.length ? 1 : 0,
    }
  })
}

/** A match with the base64 characters around it that may belong to it, and with the padding. */
function widened(text: string, { start, end, word }: Range): Range {
  const is64 = (at: number) => /[A-Za-z0-9+/_-]/.test(text.charAt(at))
  let from = start
  while (from > start - (word.before ?? 0) && is64(from - 1)) from -= 1
  let to = end
  while (to < end + (word.after ?? 0) && is64(to)) to += 1
  while (to < end + 4 && text.charAt(to) === '=') to += 1
  return { start: from, end: to, word }
}

function inLowerHex(text: string): string {
  return text.replaceAll(/[A-F]+/g, (digits) => digits.toLowerCase())
}

/** Converts base64url to base64. */
function inPlain64(text: string): string {
  return text.replaceAll('-', '+').replaceAll('_', '/')
}

/** Replaces ranges by the mask. Overlapping ranges count as one. */
function masked(
  text: string,
  ranges: readonly Pick<Range, 'start' | 'end'>[],
  mask: string,
): string {
  if (ranges.length === 0) return text
  const pieces: string[] = []
  let from = 0
  let until = 0
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    if (start >= until) {
      pieces.push(text.slice(from, start))
      pieces.push(mask)
    }
    until = Math.max(until, end)
    from = until
  }
  pieces.push(text.slice(from))
  return pieces.join('')
}

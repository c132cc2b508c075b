/** The first characters of a text, at most `most`. A surrogate pair at the end is never split: it is left out. */
export function cutText(text: string, most: number): string {
  return text.slice(0, splitsPair(text, most) ? most - 1 : most)
}

/** The first characters of a text that fit into so many bytes of UTF-8. */
export function cutBytes(text: string, most: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(most))
  return text.slice(0, read)
}

/** The last characters of a text, at most `most`. A surrogate pair at the start is never split. */
export function lastOfText(text: string, most: number): string {
  const start = Math.max(0, text.length - most)
  return text.slice(splitsPair(text, start) ? start + 1 : start)
}

function splitsPair(text: string, at: number): boolean {
  return endsInHalf(text.slice(Math.max(0, at - 1), at)) && isLow(text.charCodeAt(at))
}

/** Whether the last character of a text is the first half of a surrogate pair, whose second half may still arrive. */
export function endsInHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1)
  return last >= 0xd8_00 && last <= 0xdb_ff
}

function isLow(code: number): boolean {
  return code >= 0xdc_00 && code <= 0xdf_ff
}

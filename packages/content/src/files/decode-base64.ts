/**
 * Decodes base64; undefined when the text is not base64. The check is strict, since Node skips unknown characters: one
 * alphabet, the standard or the URL-safe one, no white space, and padding that is complete or left out.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  if (padding > 0 && text.length % 4 !== 0) return undefined
  const digits = text.slice(0, text.length - padding)
  if (digits.length % 4 === 1) return undefined
  if (notStandard.test(digits) && notUrlSafe.test(digits)) return undefined
  return Buffer.from(digits, 'base64')
}

// A search for wrong characters needs no stack, also for a long text.
const notStandard = /[^A-Za-z0-9+/]/
const notUrlSafe = /[^A-Za-z0-9_-]/

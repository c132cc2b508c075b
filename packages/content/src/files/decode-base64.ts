/**
 * The bytes that base64 text stands for; undefined when it is not base64. Strict, since Node skips what
 * it does not know: one alphabet, the standard or the URL-safe one, no white space, and padding that is
 * complete or left out.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  if (padding > 0 && text.length % 4 !== 0) return undefined
  const digits = text.slice(0, text.length - padding)
  if (digits.length % 4 === 1) return undefined
  if (notStandard.test(digits) && notUrlSafe.test(digits)) return undefined
  return Buffer.from(digits, 'base64')
}

// Looking for what is wrong takes no stack, however long the text is.
const notStandard = /[^A-Za-z0-9+/]/
const notUrlSafe = /[^A-Za-z0-9_-]/

/**
 * Decodes a server's answer by the character set of its Content-Type; without a known one, as UTF-8. Invalid bytes
 * become U+FFFD. A byte order mark is removed.
 */
export function decodeText(body: Uint8Array, contentType: string): string {
  const [, quoted, plain = 'utf-8'] =
    /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i.exec(contentType) ?? []
  try {
    return new TextDecoder(quoted ?? plain).decode(body)
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoder().decode(body)
    throw error
  }
}

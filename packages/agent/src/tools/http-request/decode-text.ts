/**
 * The text of a server's answer, by the character set that its Content-Type declares. Without one, or with one that is
 * unknown, it is UTF-8. Bytes that are none of that set become U+FFFD; a byte order mark is left out.
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

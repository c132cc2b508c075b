const scheme = 'data:'
const inBase64 = ';base64'

/**
 * The type and the base64 text of a `data:` URL; undefined for any other text. It searches by index, because a regular
 * expression overflows the stack on millions of parameters.
 */
export function readDataUrl(url: string): { bytes: string; mimeType?: string } | undefined {
  const comma = url.indexOf(',')
  if (!url.startsWith(scheme) || comma === -1) return undefined
  const head = url.slice(scheme.length, comma)
  if (!head.endsWith(inBase64)) return undefined
  const mimeType = head.slice(0, head.indexOf(';'))
  return { bytes: url.slice(comma + 1), ...(mimeType !== '' && { mimeType }) }
}

import { decodeBase64, fileType } from '@longhaul/content'
import { type InputFile, type InputPart, invalid, limits } from '@longhaul/core'

/**
 * The parts of a message, with the type of each file as its bytes show it. Throws invalid and names the part: for bytes
 * that are not base64, too many bytes, a type that no model reads, or an address that is not http. The content behind
 * an address is checked when the turn runs.
 */
export function checkFiles(parts: InputPart[], paths?: string[]): InputPart[] {
  return parts.map((part, at) => {
    if (part.kind === 'tool_result') return checkFilesOfResult(part, paths?.[at])
    if (part.kind !== 'file') return part
    // A dialect may have other names for the fields of a part, so the error names only the part.
    const partPath = paths?.[at]
    const path = (field: string) => partPath ?? `message.parts[${at}].file${field}`
    return { ...part, file: checkFile(part.file, path) }
  })
}

/** The same for the files of a result, whose call id has the path. An error names the item. */
export function checkFilesOfResult<T extends { files?: InputFile[] }>(result: T, path = ''): T {
  const { files } = result
  if (files === undefined) return result
  const item = path.replace(/\.\w+$/, '')
  return { ...result, files: files.map((file) => checkFile(file, () => item)) }
}

function checkFile(
  { bytes, uri, mimeType, name }: InputFile,
  path: (field: string) => string,
): InputFile {
  const named = name === undefined ? {} : { name }
  if (bytes !== undefined) {
    const decoded = decodeBase64(bytes)
    if (decoded === undefined) throw invalid(path('.bytes'), 'is not base64')
    if (decoded.length > limits.file) {
      throw invalid(path('.bytes'), `holds more than ${limits.file} bytes: send a uri instead`)
    }
    const found = fileType(decoded)
    if (found === undefined) throw invalid(path('.bytes'), unreadable)
    return { bytes, mimeType: found, ...named }
  }
  if (uri === undefined) throw invalid(path(''), 'needs bytes or a uri')
  const parsed = URL.parse(uri)
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    throw invalid(path('.uri'), 'must be an http or https URL')
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw invalid(path('.uri'), 'must have no credentials')
  }
  return { uri, ...(mimeType === undefined ? {} : { mimeType }), ...named }
}

const unreadable = 'is no PNG, JPEG, GIF, WebP or PDF, the files that models read'

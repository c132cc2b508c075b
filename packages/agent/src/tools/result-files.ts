import { decodeBase64, fileType } from '@longhaul/content'
import type { InputFile } from '@longhaul/core'
import type { Secrets } from './secrets/secrets.ts'

/** The result of a tool with files, which models read beside it. */
export class ResultWithFiles {
  readonly result: unknown
  readonly files: InputFile[]

  constructor(result: unknown, files: InputFile[]) {
    this.result = result
    this.files = files
  }
}

/**
 * A file of a result, with the type that its bytes show. Undefined for a type that models do not read. Throws an Error
 * for a file with a secret: it cannot be masked within a file.
 */
export function readableFile(
  content: Uint8Array | string,
  secrets: Pick<Secrets, 'isInBytes'>,
): InputFile | undefined {
  const bytes = typeof content === 'string' ? decodeBase64(content) : content
  const mimeType = bytes && fileType(bytes)
  if (bytes === undefined || mimeType === undefined) return undefined
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (secrets.isInBytes(buffer)) throw new Error('the result has a file that contains a secret')
  return { mimeType, bytes: buffer.toString('base64') }
}

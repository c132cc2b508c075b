import { fileType } from '@longhaul/content'
import { type FileToFetch, limits } from '@longhaul/core'
import { type Egress, EgressError } from '@longhaul/outbound'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Reads a file of a message from its address; `data` is its bytes in base64. Rejects with an Error for the caller when
 * the file cannot be read or has a type that no model reads, and with the signal's reason when the signal is aborted.
 */
export async function fetchFile(
  { uri, name }: FileToFetch,
  { egress, signal }: { egress: Egress; signal: AbortSignal },
): Promise<{ mimeType: string; data: string }> {
  const called = name === undefined ? 'the file' : `the file ${name}`
  for (let left = limits.fileTries - 1; ; left -= 1) {
    signal.throwIfAborted()
    const found = await read(uri, { egress, signal })
    if ('bytes' in found) {
      const mimeType = fileType(found.bytes)
      if (mimeType !== undefined) return { mimeType, data: base64(found.bytes) }
      throw new Error(`${called} is no PNG, JPEG, GIF, WebP or PDF, the files that models read`)
    }
    signal.throwIfAborted()
    if (!found.passing || left === 0) throw new Error(`${called} cannot be read: ${found.problem}`)
    await sleep(limits.filePause, undefined, { signal })
  }
}

type Found = { bytes: Uint8Array } | { problem: string; passing: boolean }

async function read(
  url: string,
  { egress, signal }: { egress: Egress; signal: AbortSignal },
): Promise<Found> {
  try {
    const { status, body } = await egress.fetch({
      url,
      signal,
      timeoutMs: limits.fileTimeout,
      maxBytes: limits.file,
    })
    if (status === 200) return { bytes: body }
    return { problem: `its server answered ${status}`, passing: status === 429 || status >= 500 }
  } catch (error) {
    if (!(error instanceof EgressError)) throw error
    const passing = ['unreachable', 'timeout', 'broken'].includes(error.reason)
    return { problem: error.message, passing }
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

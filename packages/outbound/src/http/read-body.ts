import type { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { limits, type ReserveCapacity } from '@longhaul/core'
import { quoted } from '../quoted.ts'
import { Failure } from './failure.ts'

/**
 * Reads and decodes a body. Stops as soon as the body is larger than `maxBytes`. For a body that is not small, waits
 * for `capacity`: for the `declared` length, or else for the largest allowed size.
 */
export async function readBody(
  body: Readable,
  {
    encoding,
    maxBytes,
    declared,
    capacity,
  }: {
    encoding: string
    maxBytes: number
    declared?: string | undefined
    capacity?: ReserveCapacity | undefined
  },
): Promise<Uint8Array> {
  const decoder = decoderOf(encoding)
  const length = Number(declared)
  const expected = Number.isSafeInteger(length) ? Math.min(maxBytes, length) : maxBytes
  let held = Buffer.alloc(0)
  let size = 0
  const gather = async (source: AsyncIterable<Uint8Array>) => {
    for await (const chunk of source) {
      const end = size + chunk.length
      if (end > maxBytes) throw tooLarge(maxBytes)
      if (size <= smallBody && end > smallBody)
        await capacity?.(decoder === undefined ? expected : maxBytes)
      // Chunks are copied, since a chunk of one byte would keep its whole buffer in memory.
      if (end > held.length) held = grown(held, Math.min(maxBytes, Math.max(end, 2 * held.length)))
      held.set(chunk, size)
      size = end
    }
  }
  await (decoder === undefined ? pipeline(body, gather) : pipeline(body, decoder, gather))
  return held.subarray(0, size)
}

const smallBody = limits.liveBytes.smallWork

function grown(held: Buffer, length: number): Buffer<ArrayBuffer> {
  const larger = Buffer.alloc(length)
  larger.set(held)
  return larger
}

/** One encoding is enough. Several encodings only make a decompression bomb larger. */
function decoderOf(encoding: string): Transform | undefined {
  switch (encoding.trim().toLowerCase()) {
    case '':
    case 'identity':
      return undefined
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'br':
      return createBrotliDecompress()
    case 'deflate':
      return createInflate()
    default: {
      throw new Failure(
        'broken',
        `the reply has the encoding ${quoted(encoding)}, which is not supported`,
      )
    }
  }
}

function tooLarge(maxBytes: number): Failure {
  return new Failure('too_large', `the reply is larger than ${maxBytes} bytes`)
}

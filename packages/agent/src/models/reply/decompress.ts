import { pipeline, type Readable, type Transform } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/** Returns what is complete at once: a stream of events has pauses. */
const zlib = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }
const brotli = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
}

const decoders: Record<string, () => Transform> = {
  gzip: () => createGunzip(zlib),
  'x-gzip': () => createGunzip(zlib),
  deflate: () => createInflate(zlib),
  br: () => createBrotliDecompress(brotli),
}

export function isDecompressible(encoding: string): boolean {
  return Object.hasOwn(decoders, encoding.trim().toLowerCase())
}

/** A body without its content encoding. */
export function decompressed(body: Readable, encoding: string): Readable {
  const decoder = decoders[encoding.trim().toLowerCase()]?.()
  // An error of the body destroys the decoder with it.
  return decoder === undefined ? body : pipeline(body, decoder, () => {})
}

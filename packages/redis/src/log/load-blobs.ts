import { limits } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { type BlobSizes, blobSize } from './blobs.ts'
import { taskKeys } from '../connection/keys.ts'
import type { Transfers } from '../connection/transfers.ts'
import { guarded } from '../connection/unavailable.ts'

/** Reads large values of a task, on the connection for their size. */
export function loadBlobs(transfers: Transfers, taskId: string) {
  return (sizes: BlobSizes) =>
    transfers.read(blobSize(sizes), { taskId }, (on) => loadBlobsOn(on, taskId)(sizes))
}

/** Reads large values of a task on one connection, with one command per page. */
export function loadBlobsOn(on: Redis, taskId: string) {
  const keys = taskKeys(taskId)
  return async (sizes: BlobSizes): Promise<Map<string, string | null>> => {
    const values = new Map<string, string | null>()
    for (const hashes of pagesOf(sizes)) {
      const texts = await guarded(() => on.mget(hashes.map(keys.blob)))
      for (const [at, hash] of hashes.entries()) values.set(hash, texts[at] ?? null)
    }
    return values
  }
}

/** The hashes of values that are read together: a page of them, or one value that is larger than a page. */
function pagesOf(sizes: BlobSizes): string[][] {
  const pages: string[][] = []
  let capacity = 0
  for (const [hash, size] of sizes) {
    capacity -= size
    if (capacity >= 0) pages.at(-1)?.push(hash)
    else {
      pages.push([hash])
      capacity = limits.transferPage - size
    }
  }
  return pages
}

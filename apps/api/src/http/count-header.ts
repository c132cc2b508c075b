import type { IncomingMessage } from 'node:http'

/**
 * The number of times that a request has a header. Node keeps the first of several or joins them, and a proxy may keep
 * the last.
 */
export function countHeader(name: string, { rawHeaders }: IncomingMessage): number {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const headerName = rawHeaders[index]
    if (headerName?.length === name.length && headerName.toLowerCase() === name) count += 1
  }
  return count
}

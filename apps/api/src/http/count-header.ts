import type { IncomingMessage } from 'node:http'

/** How often a request has a header. Of several, Node keeps the first or joins them, and whoever stands before it may keep the last. */
export function countHeader(name: string, { rawHeaders }: IncomingMessage): number {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const given = rawHeaders[index]
    if (given?.length === name.length && given.toLowerCase() === name) count += 1
  }
  return count
}

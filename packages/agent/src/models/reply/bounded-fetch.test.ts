import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { limits } from '@longhaul/core'
import { expect, test } from 'vitest'
import { boundedFetch } from './bounded-fetch.ts'

test.each([
  ['OpenAI', 'data: ', '\n\n'],
  ['Anthropic', 'event: content_block_delta\ndata: ', '\n\n'],
  ['Google', 'data: ', '\r\n\r\n'],
])(
  'a stream in the format of %s may have many events, but none that is too long',
  async (_, before, after) => {
    const half = before + 'x'.repeat(limits.modelOutput / 2) + after
    expect(await lengthOf([half, half, half])).toBe(3 * half.length)
    await expect(lengthOf([half, 'x'.repeat(limits.modelOutput), half])).rejects.toMatchObject({
      code: 'output_too_large',
    })
  },
)

async function lengthOf(body: string[]): Promise<number> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(body.join(''))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const response = await boundedFetch(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    )
    return (await response.text()).length
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
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

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('a body in %s is read piece by piece', async (encoding, compress) => {
  const compressed = compress('data: one\n\n'.repeat(1_000))
  const rest = Promise.withResolvers<void>()
  const server = createServer((_, response) => {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'content-encoding': encoding,
      'set-cookie': ['a=1', 'b=2'],
    })
    response.write(compressed)
    void rest.promise.then(() => response.end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const response = await boundedFetch(`http://127.0.0.1:${port}`, { method: 'POST', body: '{}' })
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  const pieces = response.body?.pipeThrough(new TextDecoderStream()) ?? []
  let text = ''
  for await (const piece of pieces) {
    text += piece
    // The server has not ended the body yet.
    if (text.length === 11_000) rest.resolve()
  }
  expect(text).toBe('data: one\n\n'.repeat(1_000))
  server.closeAllConnections()
  server.close()
})

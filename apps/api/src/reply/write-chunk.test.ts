import express, { type Response } from 'express'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { repliesIn } from '@longhaul/testbed'
import { expect, onTestFinished, test } from 'vitest'
import { writeChunk } from './write-chunk.ts'

type Handler = (response: Response) => void

/** The text that a client receives for these requests, which are sent at once. */
async function received(requests: string, handle: Handler): Promise<string> {
  const app = express()
  app.get('/', (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.flushHeaders()
    handle(response)
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(requests)
  const pieces: Buffer[] = []
  for await (const bytes of socket) pieces.push(bytes as Buffer)
  return Buffer.concat(pieces).toString('latin1')
}

const open = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'
const last = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'
const texts = ['id: 1\ndata: "ä€😀"\n\n', ': keep-alive\n\n', 'id: 2\ndata: {}\n\n']

function writeAll(response: Response): void {
  const [first = '', ...others] = texts
  writeChunk(response, first)
  setImmediate(() => {
    for (const text of others) writeChunk(response, text)
    response.end()
  })
}

test('pieces arrive whole and in order', async () => {
  const bodies = repliesIn(await received(last, writeAll)).map(({ text: body }) => body)
  expect(bodies).toEqual([texts.join('')])
})

test('pieces of a reply behind another one wait for it', async () => {
  const replies: Response[] = []
  const text = await received(open + last, (response) => {
    // The second reply is written first.
    if (replies.push(response) === 2) for (const each of replies.toReversed()) writeAll(each)
  })
  expect(repliesIn(text).map(({ text: body }) => body)).toEqual([texts.join(''), texts.join('')])
})

test('a client of HTTP 1.0 receives no chunks', async () => {
  const text = await received('GET / HTTP/1.0\r\n\r\n', writeAll)
  const body = text.split('\r\n\r\n')[1] ?? ''
  expect(Buffer.from(body, 'latin1').toString()).toBe(texts.join(''))
})

test('readers of a batch receive its text, each that of its own dialect', async () => {
  const batch = {}
  const text = await received(last, (response) => {
    for (const each of ['a', 'a', 'b', 'a']) writeChunk(response, each, batch)
    response.end()
  })
  expect(repliesIn(text)[0]?.text).toBe('aaba')
})

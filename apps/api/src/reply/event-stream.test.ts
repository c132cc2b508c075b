import express from 'express'
import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test as base } from 'vitest'
import { type IdleComment, openEventStream } from './event-stream.ts'

const size = 64 * 1024
const event = { type: 'part.done', timestamp: '', data: { text: 'x'.repeat(size) } }

/** A server that sends this many large events on each request, and reports how many it could send. */
const test = base.extend('ask', async ({}, { onCleanup }) => {
  const sent = { events: 0, over: false }
  const app = express()
  app.get('/:count/:stallMs', async ({ params }, response) => {
    response.locals.requestId = 'r'
    const stream = openEventStream(response, {
      stallMs: Number(params.stallMs),
    })
    for (let id = 1; id <= Number(params.count) && !response.closed; id += 1) {
      await stream.send(`id: ${id}\ndata: ${JSON.stringify(event)}\n\n`)
      sent.events = id
    }
    stream.end({ done: true })
    sent.over = true
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onCleanup(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return (count: number, stallMs: number): { socket: Socket; sent: typeof sent } => {
    const socket = connect(port, '127.0.0.1')
    socket
      .pause()
      .write(`GET /${count}/${stallMs} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
    return { socket, sent }
  }
})

describe('a stream', () => {
  test.for<[string, IdleComment, string]>([
    ['what its turn waits for', () => Promise.resolve('waiting for worker'), 'waiting for worker'],
    ['only that it is open, when its turn runs', () => Promise.resolve(undefined), 'keep-alive'],
    ['only that, while this is unknown', () => Promise.reject(new Error('away')), 'keep-alive'],
  ])('that is idle tells %s', async ([, comment, expected], { onTestFinished }) => {
    const app = express()
    app.get('/', (_, response) => {
      response.locals.requestId = 'r'
      openEventStream(response, { comment, idleMs: 10 })
    })
    const server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    const { body } = await fetch(`http://127.0.0.1:${port}/`)
    const first = await body?.pipeThrough(new TextDecoderStream()).getReader().read()
    expect(first?.value).toMatch(`: ${expected}\n\n`)
  })

  test('waits for a slow reader, and omits nothing', async ({ ask }) => {
    const { socket, sent } = ask(300, 20_000)
    const pieces: Buffer[] = []
    for await (const bytes of socket) {
      pieces.push(bytes as Buffer)
      await sleep(1)
    }
    const text = Buffer.concat(pieces).toString('latin1')
    expect(text.match(/^id: \d+$/gm)).toHaveLength(300)
    expect(sent).toEqual({ events: 300, over: true })
  })

  test('is cut for a reader that takes nothing, and has buffered little', async ({ ask }) => {
    const { socket, sent } = ask(10_000, 300)
    await expect.poll(() => sent.over).toBe(true)
    // The buffers of the operating system do not count.
    expect(sent.events * size).toBeLessThan(32 * 1024 * 1024)
    socket.destroy()
  })

  test('is over for a reader that has disconnected', async ({ ask }) => {
    const { socket, sent } = ask(10_000, 20_000)
    await expect.poll(() => sent.events).toBeGreaterThan(0)
    socket.destroy()
    await expect.poll(() => sent.over).toBe(true)
    expect(sent.events).toBeLessThan(10_000)
  })
})

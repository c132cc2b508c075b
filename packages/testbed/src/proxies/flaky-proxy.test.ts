import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test as base } from 'vitest'
import { startFlakyProxy } from './flaky-proxy.ts'

const test = base
  /** An echo server. */
  .extend('echo', async ({}, { onCleanup }) => {
    const server = createServer((socket) => socket.on('error', () => {}).pipe(socket))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onCleanup(() => {
      server.close()
    })
    return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  .extend('proxy', async ({ echo }, { onCleanup }) => {
    const proxy = await startFlakyProxy(echo)
    onCleanup(() => proxy.close())
    return proxy
  })
  .extend('dial', ({ proxy }) => async () => {
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1')
    const seen = { socket, receivedText: '', closed: false }
    socket.on('data', (piece) => (seen.receivedText += String(piece)))
    socket.on('error', () => {}).on('close', () => (seen.closed = true))
    await once(socket, 'connect')
    return seen
  })

test('delayed chunks arrive in order', async ({ proxy, dial }) => {
  const caller = await dial()
  const waits = [60, 0, 30, 5]
  proxy.delay(() => waits.shift() ?? 0)
  for (const piece of ['a', 'b', 'c', 'd']) {
    caller.socket.write(piece)
    await sleep(5)
  }
  await expect.poll(() => caller.receivedText).toBe('abcd')
})

test('held chunks arrive in order when they are released', async ({ proxy, dial }) => {
  const caller = await dial()
  const release = proxy.hold()
  caller.socket.write('a')
  await sleep(20)
  release()
  caller.socket.write('b')
  await expect.poll(() => caller.receivedText).toBe('ab')
})

test('a connection from a time of silence stays silent and open, and a later one works', async ({
  proxy,
  dial,
}) => {
  const before = await dial()
  proxy.swallow(true)
  const meanwhile = await dial()
  proxy.swallow(false)
  const after = await dial()
  for (const { socket } of [before, meanwhile, after]) socket.write('x')
  await expect.poll(() => after.receivedText).toBe('x')
  expect([before, meanwhile]).toMatchObject([
    { receivedText: '', closed: false },
    { receivedText: '', closed: false },
  ])
})

test('a server whose replies are lost has received everything, and then the connection is reset', async () => {
  let receivedText = ''
  const server = createServer((socket) => {
    socket
      .on('error', () => {})
      .on('data', (piece) => socket.write((receivedText += String(piece))))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy = await startFlakyProxy(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`)
  onTestFinished(async () => {
    await proxy.close()
    server.close()
  })
  const seen = { answer: '', closed: false }
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1')
  socket.on('data', (piece) => (seen.answer += String(piece)))
  socket.on('error', () => {}).on('close', () => (seen.closed = true))
  await once(socket, 'connect')
  proxy.swallowReplies(true)
  socket.write('do it')
  await expect.poll(() => receivedText).toBe('do it')
  expect(seen).toEqual({ answer: '', closed: false })
  proxy.swallowReplies(false)
  await expect.poll(() => seen).toEqual({ answer: '', closed: true })
})

test('a refusing proxy ends every connection and accepts no new one until refusing ends', async ({
  proxy,
  dial,
}) => {
  const before = await dial()
  await proxy.refuse(true)
  await expect.poll(() => before.closed).toBe(true)
  for (let tries = 0; tries < 3; tries += 1) {
    await expect(dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  }
  await proxy.refuse(false)
  const after = await dial()
  after.socket.write('x')
  await expect.poll(() => after.receivedText).toBe('x')
})

test('a reset ends every connection, and new ones lead to the new address', async ({
  proxy,
  dial,
}) => {
  const before = await dial()
  proxy.reset()
  await expect.poll(() => before.closed).toBe(true)
  const other = createServer((socket) => socket.end('another server'))
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  proxy.lead(`tcp://127.0.0.1:${(other.address() as AddressInfo).port}`)
  const after = await dial()
  await expect.poll(() => after.receivedText).toBe('another server')
  other.close()
})

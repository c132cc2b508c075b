import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ageOf } from './stream-frame.ts'
import type { Churn, Close, Expect, Open } from './stream-clients.ts'

/** Clients of server-sent events over bare sockets, which count events. By the path that each reads. */
const sockets = new Map<Socket, string>()
let seen = 0
let wanted = Infinity
let reached: () => void = () => {}
let ages: number[] | undefined

process.on('disconnect', () => process.exit())
process.on('message', (order: Open | Close | Expect | Churn) => void obey(order))
process.send?.('ready')

async function obey(order: Open | Close | Expect | Churn): Promise<void> {
  try {
    process.send?.(await answer(order))
  } catch (error) {
    process.send?.({ problem: String(error) })
  }
}

async function answer(order: Open | Close | Expect | Churn): Promise<unknown> {
  switch (order.do) {
    case 'open':
      for (let at = 0; at < order.paths.length; at += 50) {
        await Promise.all(order.paths.slice(at, at + 50).map((path) => open({ ...order, path })))
      }
      return { open: sockets.size }
    case 'expect':
      return await expectEvents(order)
    case 'close':
      for (const [socket, path] of sockets) if (order.paths.includes(path)) socket.destroy()
      return { open: sockets.size }
    case 'churn':
      return { visits: await churn(order) }
  }
}

/** Resolves when the stream has begun. */
async function open(asked: { url: string; path: string; key: string }): Promise<Socket> {
  const { hostname, port } = new URL(asked.url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  socket.write(
    `GET ${asked.path} HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${asked.key}\r\n\r\n`,
  )
  const [head] = (await once(socket, 'data')) as [Buffer]
  const text = head.toString('latin1')
  if (!text.startsWith('HTTP/1.1 200')) throw new Error(text.slice(0, 2_000))
  sockets.set(socket, asked.path)
  socket.on('data', count)
  // A lost connection needs no report: its events are missing in the count.
  socket.on('error', () => {})
  socket.once('close', () => sockets.delete(socket))
  return socket
}

function count(chunk: Buffer): void {
  // Only events have an id. Comments do not.
  for (let at = chunk.indexOf('id: '); at !== -1; at = chunk.indexOf('\nid: ', at + 1)) {
    seen += 1
    ages?.push(ageOf(chunk.toString('latin1', at, at + 300)))
  }
  if (seen >= wanted) reached()
}

/** Resolves when this number of further events has arrived. */
async function expectEvents({ events, timed }: Expect): Promise<unknown> {
  ages = timed ? [] : undefined
  seen = 0
  wanted = events
  const { promise, resolve } = Promise.withResolvers<void>()
  reached = resolve
  process.send?.('expecting')
  await promise
  wanted = Infinity
  const sorted = (ages ?? []).toSorted((a, b) => a - b)
  const quantile = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  ages = undefined
  return { p50: quantile(0.5), p99: quantile(0.99) }
}

/** Opens clients that read a little and disconnect. Resolves with their number. */
async function churn({ url, key, paths, perSecond, ms }: Churn): Promise<number> {
  const startedAt = performance.now()
  const visits: Promise<void>[] = []
  while (performance.now() - startedAt < ms) {
    visits.push(visit({ url, key, path: paths[visits.length % paths.length] ?? '' }))
    const due = startedAt + (visits.length * 1_000) / perSecond
    await sleep(Math.max(1, due - performance.now()))
  }
  await Promise.all(visits)
  return visits.length
}

async function visit(where: { url: string; path: string; key: string }): Promise<void> {
  const socket = await open(where)
  await sleep(500)
  socket.destroy()
}

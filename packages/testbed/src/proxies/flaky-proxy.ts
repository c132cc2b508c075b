import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSharedPort } from '../lib/shared-port.ts'

export type FlakyProxy = {
  /** The server's URL with the proxy's address. */
  url: string
  /** Directs new connections to the same server at another address. */
  lead(serverUrl: string): void
  /** Resets every connection. */
  reset(): void
  /** Delays each chunk by this many milliseconds, in order, until the delay is set to 0. */
  delay(ms: () => number): void
  /** Holds all chunks, in both directions, until the returned function is called. Then all of them arrive. */
  hold(): () => void
  /**
   * Drops all chunks, in both directions and without notice to either side. Connections that were
   * open meanwhile stay half-open for ever. Those made after `false` work.
   */
  swallow(on: boolean): void
  /**
   * Drops all replies of the server, which still executes the requests. `false` resets the
   * connections that lost a reply.
   */
  swallowReplies(on: boolean): void
  /** Resets every connection, and the system refuses new ones until `false`. The proxy keeps its port. */
  refuse(on: boolean): Promise<void>
  close(): Promise<void>
}

/** A TCP proxy that simulates network faults. */
export async function startFlakyProxy(serverUrl: string): Promise<FlakyProxy> {
  const sockets = new Set<Socket>()
  const deaf = new Set<Socket>()
  const upstreams = new Set<Socket>()
  const unheard = new Set<Socket>()
  let target = new URL(serverUrl)
  let late = atOnce
  let held: Promise<void> | undefined
  let swallowing = false
  let swallowingReplies = false
  let holder: PortHolder | undefined

  const shared = createSharedPort(() => createServer(relay))
  const port = await shared.listen(0)

  function relay(client: Socket): void {
    const upstream = connect(Number(target.port), target.hostname)
    upstreams.add(upstream)
    upstream.on('close', () => upstreams.delete(upstream))
    if (swallowingReplies) unheard.add(upstream)
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      if (swallowing) deaf.add(socket)
      const send = inOrder((piece) => {
        if (!deaf.has(socket) && !unheard.has(socket)) other.write(piece)
      })
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('data', (piece) => send(piece, dueAfter(late(), held)))
      socket.on('close', () => {
        sockets.delete(socket)
        // The other end of a half-open connection never learns that it was closed.
        if (!deaf.delete(socket)) other.destroy()
      })
    }
  }

  const url = new URL(serverUrl)
  url.host = `127.0.0.1:${port}`
  return {
    url: url.href.replace(/\/$/, ''),
    lead(next) {
      target = new URL(next)
    },
    reset() {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    delay(ms) {
      late = ms
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return () => {
        held = undefined
        resolve()
      }
    },
    swallow(on) {
      swallowing = on
      if (on) for (const socket of sockets) deaf.add(socket)
    },
    swallowReplies(on) {
      swallowingReplies = on
      if (on) for (const upstream of upstreams) unheard.add(upstream)
      else for (const upstream of unheard) upstream.resetAndDestroy()
      if (!on) unheard.clear()
    },
    async refuse(on) {
      if (on === (holder !== undefined)) return
      if (on) {
        const closed = shared.close()
        for (const socket of sockets) socket.resetAndDestroy()
        await closed
        holder = await holdPort(port)
        return
      }
      await holder?.release()
      holder = undefined
      await shared.listen(port)
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await holder?.release()
      if (shared.listening()) await shared.close()
    },
  }
}

type PortHolder = { release(): Promise<void> }

/** Reserves a port while no server listens on it: an outgoing connection uses it as its local port. */
async function holdPort(localPort: number): Promise<PortHolder> {
  const far = createServer((socket) => socket.on('error', () => {}).resume())
  far.listen(0, '127.0.0.1')
  await once(far, 'listening')
  const { port } = far.address() as AddressInfo
  const near = connect({ host: '127.0.0.1', port, localAddress: '127.0.0.1', localPort })
  await once(near, 'connect')
  return {
    async release() {
      near.resetAndDestroy()
      await new Promise((resolve) => {
        far.close(resolve)
      })
    },
  }
}

function atOnce(): number {
  return 0
}

/** Undefined: at once. */
function dueAfter(ms: number, held: Promise<void> | undefined): Promise<unknown> | undefined {
  return ms === 0 ? held : Promise.all([sleep(ms), held])
}

/** Sends each chunk when it is due, in order. */
function inOrder(send: (piece: Buffer) => void) {
  let waiting = 0
  let last: Promise<void> = Promise.resolve()
  async function sendAfter(
    before: Promise<void>,
    due: Promise<unknown> | undefined,
    piece: Buffer,
  ) {
    await before
    await due
    waiting -= 1
    send(piece)
  }
  return (piece: Buffer, due: Promise<unknown> | undefined) => {
    if (due === undefined && waiting === 0) return send(piece)
    waiting += 1
    last = sendAfter(last, due, piece)
  }
}

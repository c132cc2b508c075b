import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type StallProxy = {
  /** The server's URL with the proxy's address. */
  url: string
  /** Holds the replies on the connections of that name, or releases them. */
  stall(on: boolean): void
  /** Whether replies are being held now. */
  held(): boolean
  /** How many bytes the server has sent on connections of that name, and on all others. */
  moved(): { named: number; others: number }
  close(): Promise<void>
}

/** A TCP proxy in front of Redis, which can stall the connections to which a client has given a name. */
export async function startStallProxy(serverUrl: string, name: string): Promise<StallProxy> {
  const target = new URL(serverUrl)
  const sockets = new Set<Socket>()
  const named = new Set<Socket>()
  const moved = { named: 0, others: 0 }
  let stalled = false
  let asked = false

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        client.destroy()
        upstream.destroy()
        sockets.delete(socket)
        named.delete(upstream)
      })
    }
    client.on('data', (piece) => {
      // A client names its connection before it sends anything else.
      if (piece.includes(name)) named.add(upstream)
      if (stalled && named.has(upstream)) {
        upstream.pause()
        asked = true
      }
      upstream.write(piece)
    })
    upstream.on('data', (piece) => {
      moved[named.has(upstream) ? 'named' : 'others'] += piece.length
      client.write(piece)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })

  const url = new URL(serverUrl)
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: url.href.replace(/\/$/, ''),
    stall(on) {
      stalled = on
      asked = false
      for (const upstream of named) {
        if (on) upstream.pause()
        else upstream.resume()
      }
    },
    held: () => asked,
    moved: () => ({ ...moved }),
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

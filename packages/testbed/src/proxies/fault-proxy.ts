import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A fault at the first chunk from a client that contains `text`. */
export type Trap = {
  text: string
  /** `before`: the server never receives it. `after`: the server answers it, but the client never receives the answer. */
  when: 'before' | 'after'
  /** For `after`: what the answer contains. An earlier command on the same connection may be answered first. */
  answer?: RegExp
  spring: () => void
}

export type FaultProxy = {
  /** The server's URL with the proxy's address. */
  url: string
  /** Sets the only trap. It is triggered once. */
  set(trap: Trap): void
  close(): Promise<void>
}

/** A TCP proxy in front of Redis, which can stop the traffic at an exact command. */
export async function startFaultProxy(serverUrl: string): Promise<FaultProxy> {
  const target = new URL(serverUrl)
  const sockets = new Set<Socket>()
  let trap: Trap | undefined

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    let held = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        client.destroy()
        // Destroying it could lose what the server has not read yet.
        if (held) upstream.resume().end()
        else upstream.destroy()
        sockets.delete(socket)
      })
    }
    client.on('data', (chunk) => {
      if (held) return
      if (trap === undefined || !chunk.includes(trap.text)) {
        upstream.write(chunk)
        return
      }
      const { when, answer = /^/, spring } = trap
      trap = undefined
      held = true
      if (when === 'before') {
        spring()
        return
      }
      upstream.write(chunk)
      upstream.on('data', function onData(reply) {
        if (!answer.test(reply.toString('latin1'))) return
        upstream.off('data', onData)
        spring()
      })
    })
    upstream.on('data', (chunk) => {
      if (!held) client.write(chunk)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })

  const url = new URL(serverUrl)
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: url.href,
    set(next) {
      trap = next
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

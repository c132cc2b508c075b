import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'

const canShare = process.platform === 'linux'
const serversPerPort = canShare ? 8 : 1

export type SharedPort = {
  /** Returns the port. 0 chooses a free one. */
  listen(port: number): Promise<number>
  listening(): boolean
  /** Resolves when all connections are closed, too. */
  close(): Promise<void>
}

/**
 * Several servers on one port of 127.0.0.1. A server of Node accepts one connection per turn of its event loop. In a
 * busy process, connections to a single server would wait for seconds, with the requests that their clients have sent.
 */
export function createSharedPort(createServer: () => Server): SharedPort {
  const servers = Array.from({ length: serversPerPort }, createServer)
  return {
    async listen(wanted) {
      let port = wanted
      for (const server of servers) {
        server.listen({ port, host: '127.0.0.1', reusePort: canShare })
        await once(server, 'listening')
        port = (server.address() as AddressInfo).port
      }
      return port
    },
    listening: () => servers.some((server) => server.listening),
    async close() {
      await Promise.all(servers.map(closeServer))
    },
  }
}

function closeServer(server: Server): Promise<unknown> {
  return new Promise((resolve) => {
    server.close(resolve)
  })
}

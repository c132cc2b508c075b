import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'

/** A TCP proxy in front of Redis that delays each reply by `delay` milliseconds. */
export async function startSlowProxy(redisUrl: string, delay: number) {
  const target = new URL(redisUrl)
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      socket
        .on('error', () => {})
        .on('close', () => {
          client.destroy()
          upstream.destroy()
        })
    }
    client.pipe(upstream)
    upstream.on('data', (chunk) => setTimeout(() => client.write(chunk), delay))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(redisUrl)
  url.port = String((server.address() as AddressInfo).port)
  return { url: url.href, close: () => server.close() }
}

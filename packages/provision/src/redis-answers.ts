import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits until the Redis on this port serves commands. While it loads a long append-only file, the deadline is extended.
 * The process id distinguishes it from another server on the same port.
 */
export const redisAnswers = async (
  port: number,
  { pid, signal, patience = 30_000 }: Options = {},
) => {
  let deadline = Date.now() + patience
  while (Date.now() < deadline) {
    const info = await readInfo(port)
    if (pid === undefined || info.includes(`process_id:${pid}\r`)) {
      if (info.includes('loading:0')) return
      if (info.includes('loading:1')) deadline = Date.now() + patience
    }
    await sleep(10, undefined, { signal })
  }
  throw new Error(`redis-server on port ${port} does not answer`)
}

type Options = { pid?: number | undefined; signal?: AbortSignal | undefined; patience?: number }

const readInfo = (port: number) => {
  const { promise, resolve: settle } = Promise.withResolvers<string>()
  const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 })
  socket.once('connect', () => socket.write('INFO server persistence\r\n'))
  socket.once('data', (data) => settle(data.toString()))
  socket.once('timeout', () => settle(''))
  socket.once('error', () => settle(''))
  return promise.finally(() => socket.destroy())
}

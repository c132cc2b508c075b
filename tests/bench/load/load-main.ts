import { connect } from 'node:net'
import type { Load, LoadResult } from './load.ts'

process.on('disconnect', () => process.exit())
process.on('message', (load: Load) => void answer(load))
process.send?.('ready')

async function answer(load: Load): Promise<void> {
  try {
    process.send?.(await run(load))
  } catch (error) {
    process.send?.({ problem: String(error) })
  }
}

async function run(load: Load): Promise<LoadResult> {
  const times: number[] = []
  const request = requestOf(load)
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  let left = load.requests
  const more = () => left > 0 && performance.now() - startedAt < load.ms && (left -= 1) >= 0
  const connections = Array.from({ length: load.connections }, () =>
    keepSending(request, { url: load.url, more, times }),
  )
  await Promise.all(connections)
  const ms = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpuBefore)
  times.sort((a, b) => a - b)
  return {
    requests: times.length,
    ms,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    cpu: (user + system) / 1_000,
  }
}

function requestOf({ url, headers, body }: Load): Buffer {
  const method = body === undefined ? 'GET' : 'POST'
  const { pathname, host } = new URL(url)
  const lines = Object.entries({
    host,
    ...(body !== undefined && {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
    }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${method} ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`)
}

/**
 * Sends one request at a time on one bare socket: an HTTP client would cost more than the
 * server under test. It understands replies with a Content-Length or in chunks.
 */
function keepSending(
  request: Buffer,
  { url, more, times }: { url: string; more: () => boolean; times: number[] },
): Promise<void> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    let sentAt = 0
    let reply = ''
    const send = () => {
      if (more()) {
        sentAt = performance.now()
        socket.write(request)
      } else {
        socket.end()
        resolve()
      }
    }
    socket.once('connect', send)
    socket.on('data', (chunk: Buffer) => {
      reply += chunk.toString('latin1')
      const end = endOf(reply)
      if (end === undefined || reply.length < end) return
      if (!reply.startsWith('HTTP/1.1 2')) {
        reject(new Error(`${url} answered: ${reply.slice(0, 2_000)}`))
        socket.destroy()
        return
      }
      times.push(performance.now() - sentAt)
      reply = ''
      send()
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error(`${url} closed the connection`)))
  })
}

/** The index at which a reply ends; undefined while that is unknown. JSON contains no line of a last chunk. */
function endOf(reply: string): number | undefined {
  const head = reply.indexOf('\r\n\r\n')
  if (head === -1) return undefined
  const lines = reply.slice(0, head)
  if (/\r\ntransfer-encoding: *chunked/i.test(lines)) {
    const last = reply.indexOf('\r\n0\r\n\r\n', head)
    return last === -1 ? undefined : last + 7
  }
  const length = /\r\ncontent-length: *(\d+)/i.exec(lines)?.[1]
  if (length === undefined) throw new Error(`a reply without a length: ${reply.slice(0, 500)}`)
  return head + 4 + Number(length)
}

function quantile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

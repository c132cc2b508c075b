import { connect } from 'node:net'

/** A request in parts. An undefined header is omitted, a list is sent as one line per item. */
export type Sent = {
  headers?: Record<string, string | string[] | undefined>
  body?: string | Buffer
}

/** One reply as received, with header names in lower case. */
export type Reply = { status: number; headers: Map<string, string>; text: string }

/** The bytes of a request. Lines and headers are sent exactly as given. */
export function requestBytes(line: string, { headers = {}, body = '' }: Sent): Buffer {
  const bytes = Buffer.from(body)
  const all = {
    Host: 'door',
    Connection: 'close',
    ...(bytes.length > 0 && { 'Content-Length': String(bytes.length) }),
    ...headers,
  }
  const lines = Object.entries(all).flatMap(([name, value]) =>
    [value ?? []].flat().map((each) => `${name}: ${each}\r\n`),
  )
  // Latin-1: each character is one byte, so that a header can contain any byte.
  const head = Buffer.from(`${line} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1')
  return Buffer.concat([head, bytes])
}

/**
 * Sends bytes on a new connection, and resolves with all received bytes when it is closed. Rejects if it is not closed
 * in time.
 */
export function exchange(port: number, bytes: string | Buffer, ms = 10_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    const timer = setTimeout(() => {
      socket.destroy()
      const text = Buffer.concat(received).toString('latin1')
      reject(new Error(`still open after ${ms} ms, having said ${text.slice(0, 200)}`))
    }, ms)
    socket.on('data', (chunk) => received.push(chunk))
    // The connection is reset when the server closes it with unread bytes. What it had sent is kept.
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(Buffer.concat(received).toString('latin1'))
    })
  })
}

/** Parses the received text into replies. Throws at anything that is no reply. */
export function repliesIn(received: string): Reply[] {
  const replies: Reply[] = []
  let rest = received
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n')
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n')
    const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(first) ?? []
    if (status === undefined) throw new Error(`no reply: ${rest.slice(0, 200)}`)
    const headers = new Map(lines.map(nameAndValue))
    const { body, length } = bodyOf(headers, rest.slice(end + 4))
    replies.push({
      status: Number(status),
      headers,
      text: Buffer.from(body, 'latin1').toString(),
    })
    rest = rest.slice(end + 4 + length)
  }
  return replies
}

function nameAndValue(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}

function bodyOf(headers: Map<string, string>, rest: string): { body: string; length: number } {
  if (headers.get('transfer-encoding') !== 'chunked') {
    const length = Number(headers.get('content-length') ?? 0)
    return { body: rest.slice(0, length), length }
  }
  let body = ''
  let at = 0
  for (;;) {
    const size = parseInt(rest.slice(at), 16)
    const start = rest.indexOf('\r\n', at) + 2
    body += rest.slice(start, start + size)
    at = start + size + 2
    if (!(size > 0)) return { body, length: at }
  }
}

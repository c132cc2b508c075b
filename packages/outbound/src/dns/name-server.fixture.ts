import ipaddr from 'ipaddr.js'
import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { onTestFinished } from 'vitest'

/** The addresses of a name, maybe none; or an unknown name; or no answer. */
type Answer = string[] | 'unknown' | 'silence'

/** A name server for one test, which records the names of its queries. */
export async function startNameServer(answerTo: (name: string) => Answer) {
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (query: Buffer, from: RemoteInfo) => {
    const { name, type, end } = questionOf(query)
    if (!asked.includes(name)) asked.push(name)
    const answer = answerTo(name)
    if (answer === 'silence') return
    const addresses = answer === 'unknown' ? [] : answer.filter((each) => typeOf(each) === type)
    const head = Buffer.alloc(12)
    query.copy(head, 0, 0, 2)
    head.writeUInt16BE(answer === 'unknown' ? 0x8183 : 0x8180, 2)
    head.writeUInt16BE(1, 4)
    head.writeUInt16BE(addresses.length, 6)
    const records = addresses.map((each) => recordOf(each, type))
    socket.send(Buffer.concat([head, query.subarray(12, end), ...records]), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => void socket.close())
  return { address: `127.0.0.1:${socket.address().port}`, asked }
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

function typeOf(address: string): number {
  return isIPv6(address) ? 28 : 1
}

function recordOf(address: string, type: number): Buffer {
  const bytes = ipaddr.parse(address).toByteArray()
  const head = Buffer.alloc(12)
  // A reference to the name of the question.
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(60, 6)
  head.writeUInt16BE(bytes.length, 10)
  return Buffer.concat([head, Buffer.from(bytes)])
}

import express, { type Response } from 'express'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises'
import { pieceOfText } from './stream-frame.ts'
import type { Produce } from './producer-message.ts'

/** A bare fan-out: keeps its clients' responses open, and writes each event to them from memory. */
const clients: Response[] = []
const app = express()
app.get('/events', (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  response.flushHeaders()
  clients.push(response)
  response.once('close', () => clients.splice(clients.indexOf(response), 1))
})

process.on('disconnect', () => process.exit())
process.on('message', (order: Produce) => void obey(order))
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)

async function obey({ each, perSecond }: Produce): Promise<void> {
  const startedAt = performance.now()
  let made = 0
  for (let number = 1; number <= each; number += 1) {
    let text = frame(number)
    for (const client of clients) {
      made += 1
      if (perSecond !== undefined) {
        const due = startedAt + (made * 1_000) / perSecond
        const wait = due - performance.now()
        if (wait > 0) await sleep(wait)
        text = frame(number)
      }
      client.write(text)
    }
    await breathe()
  }
  process.send?.('produced')
}

/** A frame of the same length as ours. */
function frame(number: number): string {
  const partId = 'text_01k00000000000000000000000'
  const event = {
    type: 'part.delta',
    data: { partId, delta: { kind: 'text', text: pieceOfText() } },
    timestamp: new Date().toISOString(),
  }
  return `id: ${number}\ndata: ${JSON.stringify(event)}\n\n`
}

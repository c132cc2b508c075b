import { Queue } from 'bullmq'
import express from 'express'
import { Redis } from 'ioredis'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

/** The naive route: the simplest way to put an agent's turn into BullMQ. */
const Body = z.object({
  message: z.object({
    role: z.enum(['user', 'tool']),
    messageId: z.string().min(1).optional(),
    parts: z.array(z.object({ kind: z.literal('text'), text: z.string() })).min(1),
  }),
  variables: z.record(z.string(), z.unknown()).optional(),
  thread: z.object({ id: z.string(), tags: z.array(z.string()).optional() }).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  background: z.boolean().optional(),
})

const connection = new Redis(process.env['REDIS_URL'] ?? '', { maxRetriesPerRequest: null })
const queue = new Queue('naive', { connection })

const app = express()
app.use(express.json())
app.post('/v2/agents/:key/responses', async (request, response) => {
  const body = Body.safeParse(request.body)
  if (!body.success) {
    response.status(400).json({ error: body.error.issues })
    return
  }
  const job = await queue.add('run', body.data)
  response.json({ id: job.id, agent: request.params.key, created_at: new Date().toISOString() })
})

process.on('disconnect', () => process.exit())
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)

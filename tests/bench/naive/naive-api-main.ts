import { Queue, QueueEvents } from 'bullmq'
import express from 'express'
import { Redis } from 'ioredis'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { naiveTask, type NaiveState } from './naive-task.ts'

/*
 * The API that a user would write in an afternoon: the state of a task is a hash, and its payload is a job. No keys, no
 * tenants, no log, no events, and no care for a crash.
 */
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

const url = process.env['REDIS_URL'] ?? ''
const redis = new Redis(url, { maxRetriesPerRequest: null })
const queue = new Queue('naive', { connection: redis })
const events = new QueueEvents('naive', { connection: redis.duplicate() })
await events.waitUntilReady()

const app = express()
app.use(express.json())

app.post('/v2/agents/:key/responses', async (request, response) => {
  const body = Body.safeParse(request.body)
  if (!body.success) {
    response.status(400).json({ error: body.error.issues })
    return
  }
  const { message, background } = body.data
  const id = randomUUID()
  const state: NaiveState = {
    status: 'queued',
    agent: request.params.key,
    created: new Date().toISOString(),
    input: JSON.stringify(message),
  }
  await redis.hset(naiveTask(id), state)
  const text = message.parts.map((part) => part.text).join('\n')
  const job = await queue.add('run', { id, text })
  if (background === true) {
    response.json({ id, ...state })
    return
  }
  await job.waitUntilFinished(events)
  response.json({ id, ...(await redis.hgetall(naiveTask(id))) })
})

app.get('/v2/agents/:key/responses/:id', async (request, response) => {
  const state = await redis.hgetall(naiveTask(request.params.id))
  if (state['status'] === undefined) response.status(404).json({ error: 'not found' })
  else response.json({ id: request.params.id, ...state })
})

process.on('disconnect', () => process.exit())
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)

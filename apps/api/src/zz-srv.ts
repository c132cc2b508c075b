import { createLogger, createMetrics } from '@longhaul/process'
import express from 'express'
import { createServer } from 'node:http'
import { createApp } from './app.ts'
import { routes } from './routes/index.ts'
import { createHttpServer } from './server.ts'
const v = process.env['V']
let listener: any
const stub = (level: string, path = true) => createApp({
  keys: { authenticate: async () => ({ workspace: 'bench' }) }, ready: async () => undefined,
  log: createLogger({ name: 'api', level }), metrics: createMetrics(), agents: {}, tools: {}, syncWaitMs: 1000,
  tasks: { submit: async () => ({ taskId: '01JD0000000000000000000000', turn: 1, startedAt: 1763850000000, model: 'demo/instant', messageId: 'x', traceId: 'y'.repeat(32), spanId: 'z'.repeat(16) }) },
} as any, routes)
if (v === 'http') listener = (req: any, res: any) => { const c: Buffer[] = []; req.on('data', (d: Buffer) => c.push(d)).on('end', () => { JSON.parse(Buffer.concat(c).toString()); res.setHeader('content-type', 'application/json'); res.end('{"id":"123456789","x":"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"}') }) }
if (v === 'bare') { listener = express(); listener.post('/v2/agents/:key/responses', (_q: any, r: any) => { r.json({ id: '1' }) }) }
if (v === 'json') { listener = express(); listener.use(express.json()); listener.post('/v2/agents/:key/responses', (_q: any, r: any) => { r.json({ id: '1' }) }) }
if (v === 'ours') listener = stub('info')
if (v === 'silent') listener = stub('silent')
const server = v === 'ours' || v === 'silent' ? createHttpServer(listener) : createServer(listener)
server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as any).port}`))
process.on('disconnect', () => process.exit())

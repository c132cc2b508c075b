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
import { runRoute } from './run-route.ts'
import { readBody } from './body.ts'
import { sendReply } from './reply.ts'
import { begin } from './begin.ts'
import { createRequestLog } from './request-log.ts'
import { ResponseRequest, toTurnRequest } from './dialects/orq/response-request.ts'
import { acceptedBody } from './dialects/orq/response-body.ts'
import { parse } from './parse.ts'
const T = { taskId: '01JD0000000000000000000000', turn: 1, startedAt: 1763850000000, model: 'demo/instant', messageId: 'x', traceId: 'y'.repeat(32), spanId: 'z'.repeat(16) }
const steps = Number(v?.[1])
if (v?.startsWith('s')&&v!=='silent') {
  listener = express(); listener.disable('x-powered-by').disable('etag'); listener.set('query parser', false)
  if (steps >= 4) listener.use(begin)
  if (steps >= 5) listener.use(createRequestLog({ log: createLogger({ name: 'api', level: 'info' }), metrics: createMetrics() } as any))
  listener.post('/v2/agents/:key/responses', async (q: any, r: any) => {
    let body: any = await readBody(q, r)
    if (steps >= 1) body = parse(ResponseRequest, body)
    if (steps >= 2) toTurnRequest(body, { workspace: 'a', agent: 'b' })
    sendReply(r, { status: 200, body: steps >= 3 ? acceptedBody(T) : { id: 1 } })
  })
}
const server = v === 'ours' || v === 'silent' ? createHttpServer(listener) : createServer(listener)
server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as any).port}`))
process.on('disconnect', () => process.exit())

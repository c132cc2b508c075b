import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { startBenchRedis } from './bench-redis.ts'
const redis = await startBenchRedis()
const N = 20000, W = 64
const mk = (o: object) => new Redis(redis.url, { maxRetriesPerRequest: 1, commandTimeout: 1500, socketTimeout: 4000, ...o })
const q = (c: Redis, name: string) => new Queue(name, { connection: c, prefix: '{lh:s0}', skipWaitingForReady: true, skipVersionCheck: true, streams: { events: { maxLen: 100 } }, defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true } })
const plain = q(mk({}), 'queue'), auto = q(mk({ enableAutoPipelining: true }), 'queue')
let id = 0
const job = () => ({ taskId: '01JD0000000000000000000000', turn: 1, segment: 1 })
async function pool(f: () => Promise<unknown>) { let left = N; await Promise.all(Array.from({ length: W }, async () => { while (left-- > 0) await f() })) }
let pend: { d: () => void }[] = []
const batched = () => new Promise<void>((d) => { if (pend.push({ d }) === 1) setImmediate(async () => { const p = pend; pend = []; await plain.addBulk(p.map(() => ({ name: 'run', data: job(), opts: { jobId: 'resp_' + ++id + '.1' } }))); for (const x of p) x.d() }) })
const conn = mk({}); const q3 = q(conn, 'queue')
const corked = () => { const s = (conn as any).stream; if (!s.writableCorked) { s.cork(); setImmediate(() => s.uncork()) } return q3.add('run', job(), { jobId: 'resp_' + ++id + '.1' }) }
const variants: Record<string, () => Promise<unknown>> = {
  plain: () => plain.add('run', job(), { jobId: 'resp_' + ++id + '.1' }),
  auto: () => auto.add('run', job(), { jobId: 'resp_' + ++id + '.1' }),
  batched, corked,
}
for (let r = 0; r < 4; r++) for (const [name, f] of Object.entries(variants)) {
  await redis.redis.del('{lh:s0}:queue:wait', '{lh:s0}:queue:events')
  const w = await redis.work(), c = process.cpuUsage(), t = performance.now()
  await pool(f)
  const ms = performance.now() - t, u = process.cpuUsage(c), w2 = await redis.work()
  if (r) console.log(name.padEnd(10), Math.round(N / ms * 1000), '/s client', ((u.user + u.system) / N).toFixed(1), 'redis', ((w2.cpu - w.cpu) * 1000 / N).toFixed(1), 'cmds', ((w2.commands - w.commands) / N).toFixed(1))
}
await redis.stop(); process.exit()

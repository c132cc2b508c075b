import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpuTime } from './cpu-time.ts'
import { startLoadGenerator } from './load.ts'
import { request } from './product.ts'
const load = await startLoadGenerator()
const vs = (process.argv[2] ?? 'http,bare,json,ours,silent').split(',')
const s: Record<string, { pid: number; url: string; best: number[] }> = {}
for (const v of vs) { const c = fork('apps/api/src/zz-srv.ts', { execArgv: process.env['PROF'] ? ['--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', '/tmp/prof2'] : [], env: { ...process.env, V: v }, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] }); c.stdout!.resume(); const [url] = await once(c, 'message'); s[v] = { pid: c.pid!, url, best: [] } }
for (let r = 0; r < 25; r++) for (const v of vs) { const x = s[v]!; const c = cpuTime(x.pid); const o = await load.run({ ...request, url: x.url + request.path, connections: 64, requests: 1e6, ms: 400 }); if (r) x.best.push((cpuTime(x.pid) - c) * 1000 / o.requests) }
for (const v of vs) console.log(v.padEnd(8), 'min', Math.min(...s[v]!.best).toFixed(0), 'p25', s[v]!.best.toSorted((a, b) => a - b)[6]!.toFixed(0), 'med', s[v]!.best.toSorted((a, b) => a - b)[12]!.toFixed(0))
process.exit()

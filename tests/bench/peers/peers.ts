import { type Child, startChild, withCleanup } from '@longhaul/testbed/servers'
import { pathToFileURL } from 'node:url'
import { type LoadGenerator, type LoadResult, startLoadGenerator } from '../load/load.ts'
import { startBenchRedis } from '../measure/bench-redis.ts'
import { cpuTime } from '../measure/cpu-time.ts'
import { alternate, compare, type Pair } from '../measure/rounds.ts'
import { modelMain } from '../naive/both-services.ts'
import { createAgent, request, start } from '../product.ts'
import type { Bench, Row } from '../report.ts'
import { until } from '../until.ts'
import { installPeer } from './install-peer.ts'
import { langgraph } from './langgraph.ts'
import { mastra } from './mastra.ts'
import type { Peer } from './peer.ts'

/** CPU in microseconds per run: of all processes of a side, Redis included. */
type Round = { perSecond: number; p50: number; cpu: number }
type Request = { path: string; body: object; headers: Record<string, string> }
type Side = {
  url: string
  pids: number[]
  sync: Request
  background: Request | undefined
  /** Waits until no run is left of this number of background runs. */
  clear: (runs: number) => Promise<void>
}
type AtEnd = (step: () => unknown) => void
type Size = { requests: number; ms: number }

/** Measures runs of one model call against servers that a user could choose in place of this product. */
export const peers: Bench = ({ rounds, quick, progress }) =>
  withCleanup(async (atEnd) => {
    const load = await startLoadGenerator()
    atEnd(() => load.stop())
    const model = await startChild(modelMain, { PAUSE_MS: '0' })
    atEnd(() => model.stop())
    const ours = await startOurs(String(model.ready), atEnd)
    const size = quick ? { requests: 20, ms: 3_000 } : { requests: 20_000, ms: 3_000 }
    const rows: Row[] = []
    const notes: string[] = []
    for (const peer of [langgraph, mastra]) {
      progress(`${peer.name}: install and start`)
      const started = await startPeer(peer, String(model.ready)).catch((error: unknown) => {
        notes.push(`${peer.name} was left out: ${firstLine(error)}`)
        return undefined
      })
      if (started === undefined) continue
      const sides = { ours, reference: sideOf(peer, started) }
      const options = { rounds, size, load, progress: inPeer(peer, progress) }
      try {
        rows.push(...(await comparePeer(peer.name, sides, options)))
      } finally {
        await started.stop()
      }
      notes.push(`${peer.name}: ${versionsOf(peer)}`)
    }
    return { rows, notes }
  })

type Options = {
  rounds: number
  size: Size
  load: LoadGenerator
  progress: (text: string) => void
}

async function comparePeer(name: string, sides: Pair<Side>, options: Options): Promise<Row[]> {
  const many = await measure('sync', sides, { ...options, connections: 32 })
  const alone = await measure('sync', sides, { ...options, connections: 1 })
  const rows = [
    { what: `${name}: 32 clients: runs a second`, ...compare(many, (round) => round.perSecond) },
    { what: `${name}: 32 clients: CPU, µs a run`, ...compare(many, (round) => round.cpu) },
    { what: `${name}: alone: p50, ms`, ...compare(alone, (round) => round.p50) },
  ]
  if (sides.reference.background === undefined) return rows
  const accepted = await measure('background', sides, { ...options, connections: 64 })
  const rate = compare(accepted, (round) => round.perSecond)
  return [...rows, { what: `${name}: accepts a second`, ...rate }]
}

/** Measures both sides in turn, after one round of each that does not count. */
async function measure(
  kind: 'sync' | 'background',
  sides: Pair<Side>,
  { rounds, size, load, progress, connections }: Options & { connections: number },
): Promise<Pair<Round>[]> {
  async function runRound(side: Side): Promise<Round> {
    const cpu = () => side.pids.reduce((sum, pid) => sum + cpuTime(pid), 0)
    const before = cpu()
    const result = await send(side[kind] ?? side.sync, side, { ...size, connections, load })
    const used = cpu() - before
    if (kind === 'background') await side.clear(result.requests)
    return {
      perSecond: (result.requests * 1_000) / result.ms,
      p50: result.p50,
      cpu: (used * 1_000) / result.requests,
    }
  }
  const both = { ours: () => runRound(sides.ours), reference: () => runRound(sides.reference) }
  await both.ours()
  await both.reference()
  return await alternate(rounds, both, (round, pair) => {
    const rates = [pair.ours, pair.reference].map(({ perSecond }) => Math.round(perSecond))
    const what = kind === 'sync' ? 'runs' : 'accepts'
    progress(`${connections} clients, round ${round}: ${rates.join(' against ')} ${what} a second`)
  })
}

function send(
  { path, headers, body }: Request,
  { url }: Side,
  { load, ...size }: Size & { connections: number; load: LoadGenerator },
): Promise<LoadResult> {
  return load.run({ url: url + path, headers, body: JSON.stringify(body), ...size })
}

async function startOurs(modelUrl: string, atEnd: AtEnd): Promise<Side> {
  const redis = await startBenchRedis()
  atEnd(() => redis.stop())
  const env = { OPENAI_BASE_URL: modelUrl, OPENAI_API_KEY: 'bench' }
  const api = await start('api', redis.url, { env })
  atEnd(() => api.stop())
  const worker = await start('worker', redis.url, { env })
  atEnd(() => worker.stop())
  await createAgent(api.url, { model: 'openai/bench' })
  const message = { role: 'user', parts: [{ kind: 'text', text: request.text }] }
  const { path, headers } = request
  const ended = () => redis.redis.zcard('{lh:s0}:forget')
  let before = 0
  return {
    url: api.url,
    pids: [api.pid, worker.pid, redis.pid],
    sync: { path, headers, body: { message } },
    background: { path, headers, body: { message, background: true } },
    async clear() {
      await until(async () => {
        const [now, waiting] = [await ended(), await redis.redis.zcard('{lh:s0}:leases')]
        const isIdle = now === before && waiting === 0
        before = now
        return isIdle
      }, 200)
    },
  }
}

async function startPeer(peer: Peer, modelUrl: string): Promise<Child> {
  const file = await installPeer(peer)
  return await startChild(pathToFileURL(file), {
    OPENAI_BASE_URL: modelUrl,
    LOG_LEVEL: 'error',
    NODE_ENV: 'production',
    LANGSMITH_TRACING: 'false',
    MASTRA_TELEMETRY_DISABLED: '1',
  })
}

function sideOf({ sync, background, clear }: Peer, { pid, ready }: Child): Side {
  const url = String(ready)
  const headers = { 'content-type': 'application/json' }
  return {
    url,
    pids: [pid],
    sync: { path: sync.path, headers, body: sync.body(request.text) },
    background: background && {
      path: background.path,
      headers,
      body: background.body(request.text),
    },
    async clear() {
      if (clear === undefined) return
      const body = JSON.stringify(clear.body)
      await fetch(url + clear.path, { method: 'POST', headers, body })
    },
  }
}

function inPeer({ name }: Peer, progress: (text: string) => void): (text: string) => void {
  return (text) => progress(`${name}: ${text}`)
}

function versionsOf({ packages }: Peer): string {
  return Object.entries(packages)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.split('\n')[0] ?? ''
}

import {
  type AppProcess,
  type FlakyProxy,
  startApp,
  startFlakyProxy,
  testKey,
} from '@longhaul/testing/servers'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DoneFault } from '../evidence/evidence.ts'
import { loss } from '../faults/fault-kinds.ts'
import type { AtEnd } from './chaos-cluster.ts'
import { type Pull, stallsFile, stringsVariable } from './fault-agent.ts'
import type { Vendors } from './vendors.ts'

/** A process of the product and its own line to Redis. */
export type Member = {
  name: string
  process: AppProcess
  toRedis: FlakyProxy
  /** Its heap, MB, where that is limited. */
  heap: number | undefined
  /** It is being stopped, or something else is done to it. */
  away: boolean
  /** Sends it a signal, unless it has ended. */
  send: (signal: NodeJS.Signals) => void
  /** Lets it do something to itself. */
  pull: (what: Pull) => Promise<void>
}

/** An API keeps its address over restarts: clients reach it through a proxy. */
export type ApiMember = Member & { door: FlakyProxy }

type Options = {
  redisUrl: string
  vendors: Vendors
  lockMs: number
  env?: Record<string, string>
  /** Modules that each process loads before its own. */
  preloads?: string[]
  /** Told when one has ended that nobody has told to. */
  onLoss: (member: Member) => Promise<void>
}

type Start = {
  /** Where its line to Redis leads, if not to Redis itself. */
  through?: string | undefined
  /** The most that its heap may be, MB. */
  heap?: number | undefined
}

const puppet = new URL('./fault-agent.ts', import.meta.url).href

/** Starts and ends the processes of the product. */
export async function createStaff(options: Options, atEnd: AtEnd) {
  const { redisUrl, vendors, lockMs, env = {}, preloads = [], onLoss } = options
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-chaos-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const lines = new Set<FlakyProxy>()
  atEnd(() => Promise.all([...lines].map((line) => line.close())))
  const living = new Map<string, Member>()
  atEnd(() => Promise.all([...living.values()].map(kill)))
  const ending = new Map<string, 'told to go' | 'killed'>()
  const logs = new Map<string, string[]>()
  const mishaps: string[] = []
  const hired = { api: 0, worker: 0 }
  const losses: DoneFault[] = []

  async function start(
    app: 'api' | 'worker',
    { through = redisUrl, heap }: Start = {},
  ): Promise<Member> {
    hired[app] += 1
    const name = `${app}-${hired[app]}`
    const toRedis = await startFlakyProxy(through)
    lines.add(toRedis)
    const strings = join(folder, name)
    const child = await startApp(app, {
      REDIS_URL: toRedis.url,
      LONGHAUL_API_KEYS: `chaos:${testKey}`,
      LONGHAUL_LOCK_MS: String(lockMs),
      LONGHAUL_EGRESS_ALLOW: '127.0.0.1',
      OPENAI_BASE_URL: vendors.modelUrl,
      // So that the model knows who asks.
      OPENAI_API_KEY: name,
      NODE_OPTIONS: [
        ...[puppet, ...preloads].map((module) => `--import=${module}`),
        ...(heap === undefined ? [] : [`--max-old-space-size=${heap}`]),
      ].join(' '),
      [stringsVariable]: strings,
      // So many starts are most of the work.
      NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
      ...env,
    })
    logs.set(name, child.log)
    const member: Member = {
      name,
      process: child,
      toRedis,
      heap,
      away: false,
      send(signal) {
        if (living.has(name)) process.kill(child.pid, signal)
      },
      async pull(what) {
        await writeFile(strings, JSON.stringify(what))
        member.send('SIGUSR2')
      },
    }
    living.set(name, member)
    void watch(member)
    return member
  }

  async function watch(member: Member): Promise<void> {
    const { name, process: child } = member
    const code = await child.exited
    living.delete(name)
    if (ending.has(name)) return
    mishaps.push(`${name} ended by itself with ${code}: ${lastWords(child.log)}`)
    losses.push({ kind: loss, from: Date.now(), to: Date.now(), victims: [name] })
    await onLoss(member).catch((error: unknown) => mishaps.push(String(error)))
  }

  async function kill({ name, process: child }: Member): Promise<void> {
    ending.set(name, 'killed')
    await child.kill()
  }

  return {
    logs,
    /** What happened to processes and should not have. */
    mishaps,
    losses,
    start,
    kill,
    living: (name: string) => living.get(name),
    /** Everybody there ever was, and where each has told of its stalls. */
    all: () => [...logs.keys()].map((name) => ({ name, stalls: stallsFile(join(folder, name)) })),

    /** SIGTERM: it ends by itself, and well, unless somebody kills it meanwhile. */
    stop: async ({ name, process: child }: Member): Promise<void> => {
      ending.set(name, 'told to go')
      const code = await child.stop()
      if (code === 0 || ending.get(name) === 'killed') return
      throw new Error(`${name} ended with ${code} when it was told to go`)
    },
  }
}

/** What it said of its end: what has no memory left says that before a trace of addresses. */
function lastWords(log: string[]): string {
  return log.findLast((line) => line.startsWith('FATAL ERROR')) ?? log.at(-1) ?? ''
}

import {
  type AppProcess,
  type Installation,
  type ClusterProcess,
  startCluster,
  startScriptedModel,
  startScriptedServer,
} from '@longhaul/testbed/servers'
import { Redis } from 'ioredis'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { memoryBounds } from './bounds.ts'
import { peakMemory, resetPeak } from './peak-memory.ts'
import { startNeighbours } from './neighbours.ts'

export type Testbed = Awaited<ReturnType<typeof startTestbed>>

/** A process under attack. */
export type Target = { name: string; kind: 'api' | 'worker'; process: ClusterProcess }

type AtEnd = (step: () => unknown) => void
type Options = {
  workers: number
  /** The version under attack; this one by default. */
  installation?: Installation | undefined
  /** A database to use instead of a Redis of the testbed's own. */
  redisUrl?: string | undefined
}

/** Each variant of an attack has a workspace of its own, without data of an earlier one. */
const attackers = Array.from({ length: 80 }, (_, at) => {
  const number = String(at).padStart(3, '0')
  const keys = ['0', '1', '2', '3'].map(
    (digit) => `lh_${number}a1b2c3d4e5f6${digit}_of-an-attacker`,
  )
  return { workspace: `alpha-${number}`, keys }
})
const neighbourKey = 'lh_beef0123456789ab_of-the-neighbours'
const lockMs = 5_000

/** The testbed: real processes over a Redis of their own, the vendors of both workspaces, and the neighbours. */
export async function startTestbed({ workers, installation, redisUrl }: Options, atEnd: AtEnd) {
  const [neighbours, model, google] = await Promise.all([
    startNeighbours(),
    startScriptedModel({ keep: 200 }),
    startScriptedServer(),
  ])
  atEnd(() => Promise.all([neighbours.stop(), model.close(), google.close()]))
  const providers = {
    attacker: { base_url: model.url },
    neighbour: { base_url: neighbours.modelUrl },
  }
  const env = {
    LONGHAUL_API_KEYS: keysOf(
      attackers.flatMap(({ workspace, keys }) => keys.map((key) => [workspace, key])),
    ),
    LONGHAUL_SECRET_KEY: randomBytes(32).toString('base64'),
    LONGHAUL_EGRESS_ALLOW: '127.0.0.1',
    LONGHAUL_LOCK_MS: String(lockMs),
    LONGHAUL_PROVIDERS: JSON.stringify(providers),
    GOOGLE_BASE_URL: google.url,
    GOOGLE_API_KEY: 'the-operators-key',
  }
  if (redisUrl !== undefined) await emptied(redisUrl)
  const cluster = await startCluster({
    redisUrl,
    redis: { flags: ['--auto-aof-rewrite-percentage', '0'] },
    model,
    workers,
    env,
    installation,
  })
  atEnd(() => cluster.kill())
  const control = new Redis(cluster.redisUrl, { maxRetriesPerRequest: 1 })
  control.on('error', () => {})
  atEnd(() => control.disconnect())
  const targets: Target[] = [...cluster.apis, ...cluster.workers].map((each) => ({
    name: each.name,
    kind: each.app,
    process: each,
  }))
  const unused = [...attackers]

  /** The number of running turns, by the metrics of the workers. */
  async function runningTurns(): Promise<number> {
    const counts = targets
      .filter(({ kind }) => kind === 'worker')
      .map(async ({ process: { url: at } }) => {
        const reply = await fetch(`${at}/metrics`, { signal: AbortSignal.timeout(2_000) })
        return Number(/^longhaul_turns_running (\d+)/m.exec(await reply.text())?.[1])
      })
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
  }

  return {
    url: cluster.url,
    redisUrl: cluster.redisUrl,
    control,
    model,
    google,
    neighbours,
    neighbourKey,
    targets,
    /** A fresh workspace. */
    nextAttacker() {
      const next = unused.shift()
      if (next === undefined) throw new Error('every workspace of the testbed was used')
      return next
    },

    /** Starts a further process of the version under attack, which ends with the attack. */
    startExtra: (app: 'api' | 'worker', more: Record<string, string>): Promise<AppProcess> =>
      app === 'api' ? cluster.startApi(more) : cluster.startWorker(more),
    endExtras: () => cluster.killAllBut(targets.map((target) => target.process)),

    /** Resets the peak memory of each process. */
    resetPeaks() {
      for (const { process: each } of targets) resetPeak(each.pid)
    },
    /** The peak memory of each process, in bytes. */
    peaks: () => targets.map((each) => [each.name, peakMemory(each.process.pid)] as const),

    /** Whether the next attack can use it: no work is left, and no process uses too much memory. */
    async isFit(): Promise<boolean> {
      if (targets.some((target) => !target.process.alive())) return false
      for (let looks = 0; looks < 10; looks += 1) {
        await sleep(200)
        const running = await runningTurns().catch(() => Number.NaN)
        if (Number.isNaN(running)) return false
        if (running === 0) return !targets.some(isSwollen)
      }
      return false
    },
  }
}

/** Empties a database that an earlier testbed may have used, which was another installation. */
async function emptied(redisUrl: string): Promise<void> {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1 })
  try {
    await redis.flushdb()
  } finally {
    redis.disconnect()
  }
}

function keysOf(pairs: [workspace: string, key: string][]): string {
  return [['beta', neighbourKey], ...pairs].map((pair) => pair.join(':')).join(',')
}

function isSwollen({ kind, process: { pid } }: Target): boolean {
  resetPeak(pid)
  return peakMemory(pid) > memoryBounds[kind] / 2
}

import type { Redis } from 'ioredis'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DoneFault } from '../evidence/evidence.ts'
import { standstill } from '../faults/fault-kinds.ts'
import type { ChaosCluster } from './chaos-cluster.ts'
import type { AtEnd } from './at-end.ts'
import { longStall, reportStalls } from './fault-agent.ts'

/**
 * Records when processes did not run although no fault had frozen them: an overloaded machine is a fault, too.
 * Redis and this process, through which all connections lead, are included.
 */
export function watchStalls(cluster: ChaosCluster, atEnd: AtEnd) {
  const seen: DoneFault[] = []
  const stopped = new AbortController()
  atEnd(() => stopped.abort())
  const timer = reportStalls((from, to) => seen.push(stall({ from, to })))
  atEnd(() => clearInterval(timer))
  void watchRedis(cluster.control, stopped.signal, (from, to) => seen.push(stall({ from, to })))

  return {
    /** All stalls, except those that one of the faults caused on purpose. */
    async besides(faults: DoneFault[]): Promise<DoneFault[]> {
      const found = [...seen]
      for (const { name, stalls } of cluster.everyProcess()) {
        const text = await readFile(stalls, 'utf8').catch(() => '')
        for (const line of text.split('\n').filter(Boolean)) {
          const [from = 0, to = 0] = JSON.parse(line) as number[]
          found.push({ ...stall({ from, to }), victims: [name] })
        }
      }
      return found.filter((each) => !faults.some((fault) => explains(fault, each)))
    },
  }
}

function stall(when: { from: number; to: number }): DoneFault {
  return { kind: standstill, ...when, victims: [] }
}

async function watchRedis(
  redis: Redis,
  signal: AbortSignal,
  tell: (from: number, to: number) => void,
): Promise<void> {
  while (!signal.aborted) {
    const from = Date.now()
    // A refusal is an answer, too, and an unavailable Redis is a fault of its own.
    await redis.ping().catch(() => {})
    if (Date.now() - from > longStall) tell(from, Date.now())
    await sleep(50, undefined, { signal }).catch(() => {})
  }
}

const causes: Record<string, (fault: DoneFault, stalled: DoneFault) => boolean> = {
  'worker frozen': sameVictim,
  'worker blocked': sameVictim,
  'Redis frozen': ofAll,
  'Redis killed': ofAll,
  'Redis primary killed': ofAll,
  'Redis primary frozen': ofAll,
}

function explains(fault: DoneFault, stalled: DoneFault): boolean {
  const overlaps = fault.from <= stalled.to && stalled.from <= fault.to + longStall
  return overlaps && causes[fault.kind]?.(fault, stalled) === true
}

function sameVictim({ victims }: DoneFault, stalled: DoneFault): boolean {
  return stalled.victims.some((name) => victims.includes(name))
}

function ofAll(_: DoneFault, stalled: DoneFault): boolean {
  return stalled.victims.length === 0
}

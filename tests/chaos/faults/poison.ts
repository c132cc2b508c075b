import { parseResponseId } from '@longhaul/core'
import { suspectProcess } from '@longhaul/testbed/servers'
import type { RequestedStep, DoneFault } from '../evidence/evidence.ts'
import { poisoning } from './fault-kinds.ts'
import type { ChaosCluster } from '../cluster/chaos-cluster.ts'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long the worker of a poisonous step lives: its other turns complete a step meanwhile. */
const mercy = 3_000
/** The pause after its last death before other deaths may come. */
const restMs = 3_000

export type Poison = ReturnType<typeof spreadPoison>

/** Kills every process that requests the last step of a poisonous task: a worker, or the process of a suspect. */
export function spreadPoison(cluster: ChaosCluster, last: Map<number, number>) {
  const done: DoneFault[] = []
  const mishaps: string[] = []
  const live = new Set<number>()
  let quietSince = 0

  async function strike(
    { worker: name, responseId }: RequestedStep,
    stillAsks: () => boolean,
  ): Promise<void> {
    await sleep(mercy)
    const worker = cluster.living(name)
    if (worker === undefined) return
    const alone = await suspectProcess(
      worker.process.pid,
      parseResponseId(responseId)?.taskId ?? '',
    )
    if (!stillAsks()) return
    const from = Date.now()
    if (alone === undefined) await cluster.replaceWorker(worker)
    else process.kill(alone, 'SIGKILL')
    done.push({ kind: poisoning, from, to: Date.now(), victims: [name] })
  }

  cluster.vendors.decide((asked, request) => {
    if (last.get(asked.task) !== asked.step) return undefined
    const stillAsks = () => request.status === 'open'
    strike(asked, stillAsks).catch((error: unknown) => mishaps.push(String(error)))
    return { fault: 'hang' }
  })

  return {
    done,
    mishaps,

    begin: (task: number) => live.add(task),
    end(task: number) {
      live.delete(task)
      quietSince = Date.now()
    },

    /** Waits until no poisonous task is running. */
    async over(signal: AbortSignal): Promise<void> {
      while (live.size > 0 || Date.now() - quietSince < restMs) {
        await sleep(50, undefined, { signal })
      }
    },
  }
}

import type { Found } from './measured-times.ts'
import type { RecoveryCluster, WorkerProcess } from './recovery-cluster.ts'

export type Part = {
  cluster: RecoveryCluster
  times: number
  found: Found
  progress: (text: string) => void
}

/** How many workers die shortly after each other. The bench waits for all their turns together. */
const atOnce = 5

/** Kills workers during model calls while one survives. No worker dies while turns are being recovered. */
export async function killWorkers({ cluster, times, found, progress }: Part): Promise<void> {
  const living = await cluster.startWorker()
  let doomed = await startSeveral(cluster, Math.min(times, atOnce))
  for (let killed = 0; killed < times;) {
    const hanging: string[] = []
    const busy = (worker: WorkerProcess) => cluster.heldBy(worker, hanging).length > 0
    while (hanging.length < 3 * doomed.length || !doomed.every(busy))
      hanging.push(await cluster.submit('hangs'))
    const recoveries: Promise<number>[] = []
    for (const victim of doomed) {
      const lost = cluster.heldBy(victim, hanging)
      const killedAt = Date.now()
      await victim.kill()
      killed += 1
      progress(`kill ${killed} of ${times}: ${lost.length} turns in mid call`)
      recoveries.push(
        ...lost.map(async (task) => {
          const { next } = await cluster.handOver(task, victim)
          return next.request.at - killedAt
        }),
      )
    }
    const [recovered, next] = await Promise.all([
      Promise.all(recoveries),
      startSeveral(cluster, Math.min(times - killed, atOnce)),
    ])
    found.afterKill.push(...recovered)
    doomed = next
  }
  await living.kill()
}

async function startSeveral(cluster: RecoveryCluster, count: number): Promise<WorkerProcess[]> {
  const workers: WorkerProcess[] = []
  while (workers.length < count) workers.push(await cluster.startWorker())
  return workers
}

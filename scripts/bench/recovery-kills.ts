import type { Found } from './recovery.ts'
import type { RecoveryHouse, WorkerProcess } from './recovery-house.ts'

export type Part = {
  house: RecoveryHouse
  times: number
  found: Found
  progress: (text: string) => void
}

/** How many turns are submitted before each death. */
const turnsAtOnce = 5

/** Kills, again and again, the busiest of three workers; what it ran is waited for while the next ones die. */
export async function killWorkers({ house, times, found, progress }: Part): Promise<void> {
  const workers = [await house.startWorker(), await house.startWorker()]
  const hanging = new Set<string>()
  const busy = (worker: WorkerProcess) => house.heldBy(worker, hanging).length
  const recoveries: Promise<number>[] = []
  for (let time = 1; time <= times; time += 1) {
    workers.push(await house.startWorker())
    const submitted = Array.from({ length: turnsAtOnce }, () => house.submit('hangs'))
    for (const task of await Promise.all(submitted)) hanging.add(task)
    const victim = workers.toSorted((a, b) => busy(a) - busy(b)).pop()
    if (victim === undefined) return
    workers.splice(workers.indexOf(victim), 1)
    const lost = house.heldBy(victim, hanging)
    const killedAt = Date.now()
    await victim.kill()
    for (const task of lost) {
      hanging.delete(task)
      const recovery = house.handOver(task, victim).then(({ next }) => next.request.at - killedAt)
      // It is awaited further down; until then nobody handles it.
      recovery.catch(() => {})
      recoveries.push(recovery)
    }
    progress(`kill ${time} of ${times}: ${lost.length} turns in mid call`)
  }
  found.afterKill.push(...(await Promise.all(recoveries)))
  await Promise.all(workers.map((worker) => worker.kill()))
}

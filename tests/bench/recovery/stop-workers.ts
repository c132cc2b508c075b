import type { Part } from './kill-workers.ts'
import { steps, type WorkerProcess } from './recovery-cluster.ts'

/** How many turns are submitted at once to three workers. */
const turnsAtOnce = 10

/** Replaces one worker after the other, while all have turns whose steps end within the drain time. */
export async function stopBetweenSteps(part: Part): Promise<void> {
  const { cluster, times, found, progress } = part
  const workers = [await cluster.startWorker(), await cluster.startWorker()]
  const tasks: string[] = []
  for (let time = 1; time <= times; time += 1) {
    const fresh = await cluster.startWorker()
    await cluster.warmUp(fresh)
    workers.push(fresh)
    const submitted = Array.from({ length: turnsAtOnce }, () => cluster.submit('steps'))
    tasks.push(...(await Promise.all(submitted)))
    const worker = workers.shift() ?? fresh
    // A turn in its last steps may end before the worker receives the stop signal.
    const held = cluster
      .heldBy(worker, tasks)
      .filter((task) => Number(cluster.askedOf(task).at(-1)?.step) < steps.count - 1)
    const toldAt = Date.now()
    const stopped = stop(worker, part)
    for (const task of held) {
      const { last, next } = await cluster.handOver(task, worker)
      found.afterStep.push(next.request.at - Math.max(toldAt, last.request.endedAt ?? toldAt))
      if (last.step === next.step) found.faults.push(`step ${next.step} of ${task} was repeated`)
    }
    await stopped
    progress(`stop ${time} of ${times}: ${held.length} turns between two steps`)
  }
  await Promise.all(workers.map((worker) => worker.stop()))
}

/** Stops several workers shortly after each other. Their calls outlast the drain time, so other workers repeat them. */
export async function stopAtGrace(part: Part): Promise<void> {
  const { cluster, times, found, progress } = part
  const going: WorkerProcess[] = []
  while (going.length < times) going.push(await cluster.startWorker())
  const submitted = Array.from({ length: turnsAtOnce }, () => cluster.submit('hangs'))
  const tasks = await Promise.all(submitted)
  const staying = await cluster.startWorker()
  await cluster.warmUp(staying)
  await Promise.all(
    going.map(async (worker, place) => {
      await new Promise((resolve) => setTimeout(resolve, place * 500))
      const held = cluster.heldBy(worker, tasks)
      const stopped = stop(worker, part)
      for (const task of held) {
        const { last, next } = await cluster.handOver(task, worker)
        found.afterGrace.push(next.request.at - (last.request.endedAt ?? Number.NaN))
      }
      await stopped
      progress(`stop ${place + 1} of ${times}: ${held.length} turns in mid call`)
    }),
  )
}

async function stop(worker: WorkerProcess, { found }: Part): Promise<void> {
  const toldAt = performance.now()
  const code = await worker.stop()
  found.exits.push(performance.now() - toldAt)
  if (code !== 0) found.faults.push(`${worker.name} ended with ${code}`)
}

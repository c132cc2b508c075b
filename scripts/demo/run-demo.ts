import { setTimeout as sleep } from 'node:timers/promises'
import { demoAgents } from './demo-agents.ts'
import type { DemoApi } from './demo-api.ts'
import { cancelledTask, firstTasks, longTasks, nextTask } from './demo-tasks.ts'

/** Creates the agents of the demo and submits its first tasks. */
export async function beginDemo(api: DemoApi): Promise<void> {
  for (const agent of demoAgents) await api.createAgent(agent)
  for (const task of firstTasks(Date.now())) await api.submit(task)
  const id = await api.submit(cancelledTask)
  await sleep(300, undefined, { signal: api.signal })
  await api.cancel(cancelledTask.to, id)
}

type StartWorker = () => Promise<{ kill: () => unknown }>

/** Kills a second worker while it runs tasks. The first worker takes them over. */
export async function crashWorker(api: DemoApi, startWorker: StartWorker): Promise<void> {
  const worker = await startWorker()
  try {
    for (const task of longTasks) await api.submit(task)
    // Half of them run in the second worker. All have a few words when most have been claimed.
    for (let tries = 0; tries < 20 && (await api.running()) < longTasks.length; tries += 1) {
      await sleep(50, undefined, { signal: api.signal })
    }
    await sleep(500, undefined, { signal: api.signal })
  } finally {
    await worker.kill()
  }
}

type Pace = { minutes: number; pauseMs: number; random: () => number }

/** Submits a task from time to time: no task of the past can be submitted, so an hour of tasks takes an hour. */
export async function continueDemo(
  api: DemoApi,
  { minutes, pauseMs, random }: Pace,
): Promise<number> {
  const until = performance.now() + minutes * 60_000
  let submitted = 0
  while (performance.now() < until) {
    await sleep(pauseMs * (0.5 + random()), undefined, { signal: api.signal })
    await api.submit(nextTask(submitted, random()))
    submitted += 1
  }
  return submitted
}

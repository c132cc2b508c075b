import type { Job, TaskStore, Upkeep } from '@longhaul/core'
import { createLogger } from '@longhaul/process'
import { expect, onTestFinished, test } from 'vitest'
import { startReconciler } from './reconcile.ts'

test('a job that cannot be added does not hold up those after it', async () => {
  const added = reconcile({ everyMs: 10 })
  await expect.poll(() => added).toEqual([1, 3])
})

test('a worker that has just started mends at once', async () => {
  const added = reconcile({ everyMs: 600_000 })
  await expect.poll(() => added).toEqual([1, 3])
})

/** The turns whose jobs were added. Three leases have expired; the second one's job is refused. */
function reconcile({ everyMs }: { everyMs: number }): number[] {
  const jobs = [1, 2, 3].map((turn): Job => ({ taskId: 't', turn, segment: 1 }))
  const upkeep: Partial<Upkeep> = {
    expireLeases: () => Promise.resolve(jobs.splice(0)),
  }
  const added: number[] = []
  const reconciler = startReconciler({
    store: {} as TaskStore,
    upkeep: upkeep as Upkeep,
    queue: {
      async enqueue({ turn }) {
        if (turn === 2) throw new Error('refused')
        added.push(turn)
      },
    },
    shards: 1,
    everyMs,
    log: createLogger({ name: 'test', level: 'silent' }),
    mended: () => {},
    resumed: () => {},
  })
  onTestFinished(() => reconciler.stop())
  return added
}

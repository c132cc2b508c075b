import { jobId, type TurnRef } from '@longhaul/core'
import { test as base } from '@longhaul/testbed'
import { createTaskStore } from './task-store.ts'
import { createMaintenance } from '../maintenance/maintenance.ts'
import { taskId } from './submission.fixture.ts'

export { completed, day, result, submission, taskId, tool } from './submission.fixture.ts'

/** The task's first turn, and its name in the sets of the shard. */
export const job: TurnRef = { taskId, turn: 1 }
export const jobName = jobId(taskId, 1)
export const lock = 10_000

/** A store and its maintenance, with a clock that tests set. */
export const test = base
  .extend('time', () => ({ now: 1_000_000 }))
  .extend('store', ({ redis, time }) => createTaskStore(redis, { clock: () => time.now }))
  .extend('maintenanceStore', ({ redis, time }) =>
    createMaintenance(redis, { clock: () => time.now }),
  )

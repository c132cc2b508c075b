import { limits, type Submission } from '@longhaul/core'
import { createScheduleStore, createTaskStore, createMaintenance } from '@longhaul/redis'
import { createLogger } from '@longhaul/process'
import { createDeletedAgentCleanup } from '@longhaul/tasks'
import { test } from '@longhaul/testbed'
import { expect, onTestFinished } from 'vitest'
import { submission } from './purge.fixture.ts'
import { reconcile } from './reconcile.ts'
import { startChores } from './run-chores.ts'

/** Longer than two passes. */
const count = 2 * limits.maintenance.batch + 5

for (const tasks of ['cancel', 'delete'] as const) {
  test(`an API that dies after its marks leaves the rest to workers: ${tasks}`, async ({
    redis,
  }) => {
    const store = createTaskStore(redis)
    const maintenanceStore = createMaintenance(redis)
    const schedules = createScheduleStore(redis, { shards: 1 })
    const ids = Array.from({ length: count }, (_, at) => taskIdAt(at))
    await Promise.all(ids.map((taskId) => store.submit({ ...submission, taskId })))
    const kept = { ...submission, agentId: 'B', taskId: taskIdAt(count) } satisfies Submission
    await store.submit(kept)
    await createDeletedAgentCleanup({ store, schedules, maintenanceStore, shards: 1 }).mark({
      agentId: 'A',
      tasks,
    })
    const run = reconcile({
      store,
      maintenance: maintenanceStore,
      schedules,
      tickets: { add: () => Promise.resolve() },
      hasFreeSlot: () => true,
      shards: 1,
      repaired: () => {},
      resumed: () => {},
    })
    const log = createLogger({ name: 'test', level: 'silent' })
    const chores = startChores([{ name: 'reconcile', everyMs: 10, firstMs: 0, run }], log)
    onTestFinished(() => chores.stop())
    const wanted = tasks === 'delete' ? undefined : 'cancelled'
    for (const taskId of ids) {
      await expect.poll(async () => (await store.view(taskId))?.status).toBe(wanted)
    }
    expect((await store.view(kept.taskId))?.status).toBe('queued')
    expect(await maintenanceStore.deletedAgents(0)).toEqual([{ agentId: 'A', tasks }])
  })
}

test('tasks that are marked for deletion are deleted, even if their agent is deleted again without tasks', async ({
  redis,
}) => {
  const store = createTaskStore(redis)
  const maintenanceStore = createMaintenance(redis)
  const schedules = createScheduleStore(redis, { shards: 1 })
  const deletion = createDeletedAgentCleanup({ store, schedules, maintenanceStore, shards: 1 })
  await store.submit({ ...submission, taskId: taskIdAt(0) })
  await deletion.mark({ agentId: 'A', tasks: 'cancel' })
  await deletion.mark({ agentId: 'A', tasks: 'delete' })
  await deletion.mark({ agentId: 'A', tasks: 'cancel' })
  expect(await maintenanceStore.deletedAgents(0)).toEqual([{ agentId: 'A', tasks: 'delete' }])
  await deletion.begin({ agentId: 'A', tasks: 'delete' })
  expect(await store.view(taskIdAt(0))).toBeUndefined()
  await maintenanceStore.agentDone(0, 'A', 0)
  expect(await maintenanceStore.deletedAgents(0)).toEqual([])
})

test('a task that cannot be ended does not delay the others', async ({ redis }) => {
  const store = createTaskStore(redis)
  const maintenanceStore = createMaintenance(redis)
  const ids = [0, 1, 2].map(taskIdAt)
  for (const taskId of ids) await store.submit({ ...submission, taskId })
  const failing: typeof store = {
    ...store,
    purge: (taskId) =>
      taskId === ids[0] ? Promise.reject(new Error('unreadable')) : store.purge(taskId),
  }
  const schedules = createScheduleStore(redis, { shards: 1 })
  const ports = { store: failing, schedules, maintenanceStore, shards: 1 }
  const deletion = createDeletedAgentCleanup(ports)
  const deleted = { agentId: 'A', tasks: 'delete' } as const
  await expect(deletion.begin(deleted)).rejects.toThrow('unreadable')
  expect(await maintenanceStore.tasksOfAgent(0, 'A', 10)).toEqual([ids[0]])
})

function taskIdAt(at: number): string {
  return `01K0000000${String(at).padStart(15, '0')}0`
}

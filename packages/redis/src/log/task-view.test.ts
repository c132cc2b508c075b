import type { TaskStore } from '@longhaul/core'
import { expect } from 'vitest'
import {
  completed,
  job,
  lock,
  result,
  submission,
  taskId,
  test,
} from '../lifecycle/turn.fixture.ts'

async function runToEnd(store: TaskStore): Promise<void> {
  await store.claim(job, 'a', lock)
  const end = { folded: 2, status: 'completed' as const, result }
  await store.append({ ...job, attempt: 'a', ordinal: 1, facts: [completed], end })
}

test('an ended task that has not changed is not parsed again', async ({ store }) => {
  await store.submit(submission())
  const queued = await store.view(taskId)
  expect(await store.view(taskId)).not.toBe(queued)
  await runToEnd(store)
  const ended = await store.view(taskId)
  expect(ended?.status).toBe('completed')
  expect(await store.view(taskId)).toBe(ended)

  await store.submit(submission({ requestId: 'r2', after: 1 }))
  expect(await store.view(taskId)).toMatchObject({ status: 'queued', turn: 2 })
  await store.softDelete(job)
  expect(await store.view(taskId)).toMatchObject({ status: 'queued', hidden: [1] })
})

test('a task that was deleted is unknown', async ({ store }) => {
  await store.submit(submission())
  await runToEnd(store)
  expect(await store.view(taskId)).toBeDefined()
  await store.purge(taskId)
  expect(await store.view(taskId)).toBeUndefined()
})

import { shardKeys } from '@longhaul/redis'
import { expect } from 'vitest'
import { storedOf, writeAsKnown, writeAsNewer } from './newer-version.ts'
import { ended, test } from './upgraded.fixture.ts'

test('a worker skips tasks of a newer version, and runs those that it can read', async ({
  client,
  cluster,
  own,
  made: { tasks },
}) => {
  await writeAsNewer(own, tasks.queued, 'head')
  await writeAsNewer(own, tasks.waiting, 'fact')
  // The head of the turn with the newer fact is adopted, and its log is not changed.
  const stored = async () => [
    await storedOf(own, tasks.queued),
    await own.lrange(`{lh:s0}:task:${tasks.waiting.task}:log`, 0, -1),
  ]
  const before = await stored()
  await cluster.startWorker()
  for (const name of ['dying', 'parked', 'parent'] as const) {
    expect(await ended(client, tasks[name])).toMatchObject({ status: 'completed' })
  }
  await expect.poll(() => own.zcard(shardKeys(0).newer)).toBe(1)
  expect(await own.zcard(shardKeys(0).outbox)).toBe(1)
  expect(await stored()).toEqual(before)

  await writeAsKnown(own, tasks.queued, 'head')
  await writeAsKnown(own, tasks.waiting, 'fact')
  expect(await ended(client, tasks.queued)).toMatchObject({ status: 'completed' })
  expect(await ended(client, tasks.waiting)).toMatchObject({ status: 'completed' })
})

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
  const stored = () => Promise.all([storedOf(own, tasks.queued), storedOf(own, tasks.waiting)])
  const before = await stored()
  const worker = await cluster.startWorker()
  for (const name of ['dying', 'parked', 'parent'] as const) {
    expect(await ended(client, tasks[name])).toMatchObject({ status: 'completed' })
  }
  await expect
    .poll(() => worker.log.filter((line) => /newer/.test(line)).length)
    .toBeGreaterThanOrEqual(2)
  expect(await stored()).toEqual(before)

  await writeAsKnown(own, tasks.queued, 'head')
  await writeAsKnown(own, tasks.waiting, 'fact')
  expect(await ended(client, tasks.queued)).toMatchObject({ status: 'completed' })
  expect(await ended(client, tasks.waiting)).toMatchObject({ status: 'completed' })
})

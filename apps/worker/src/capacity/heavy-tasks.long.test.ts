import { expect } from 'vitest'
import { runHeavy, test } from './heavy-tasks.fixture.ts'
import { logged } from '../plain.fixture.ts'

test('20 tasks with 1,000 tool results of 1 MB end in a heap of 256 MB, and so do plain tasks meanwhile', async ({
  cluster,
  heavy,
}) => {
  const worker = await cluster.startWorker({ NODE_OPTIONS: '--max-old-space-size=256' })
  expect(await runHeavy(heavy, { tasks: 20, results: 50, worker })).toBeGreaterThan(10)
  expect(logged(worker, 'turn lost')).toBe(0)
})

import { expect } from 'vitest'
import { runHeavy, test } from './heavy-tasks.fixture.ts'
import { logged } from './plain.fixture.ts'

test('tasks with more tool results than fit into the heap end, and plain tasks end beside them', async ({
  stack,
  heavy,
}) => {
  const worker = await stack.startWorker({ NODE_OPTIONS: '--max-old-space-size=96' })
  expect(await runHeavy(heavy, { tasks: 5, results: 20, worker })).toBeGreaterThan(1)
  expect(logged(worker, 'turn lost')).toBe(0)
})

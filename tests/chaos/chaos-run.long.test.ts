import { expect, test } from 'vitest'
import { withCleanup } from '@longhaul/testbed/servers'
import { check } from './checks/check.ts'
import { startsAtLimit } from './checks/limits.ts'
import { countChoices } from './checks/next-turn.ts'
import { faultKinds, loss, standstill } from './faults/fault-kinds.ts'
import { canFillDisks } from './cluster/full-disk.ts'
import { run } from './run.ts'
import { saveEvidence } from './evidence/save-evidence.ts'

test('faults of every kind, and many killed workers, break no promise', async ({ signal }) => {
  const size = {
    seed: 1,
    tasks: 100,
    seconds: 60,
    workers: 4,
    kills: 21,
    poisons: 1,
    continuationPairs: 4,
  }
  const { logs, ...evidence } = await withCleanup((atEnd) =>
    run({ ...size, signal, say: () => {} }, atEnd),
  )
  const violations = check(evidence)
  // The logs of the processes help to explain a violation.
  if (violations.length > 0)
    await saveEvidence('.data/chaos/test', { violations, ...evidence }, logs)
  expect(violations).toEqual([])

  // Otherwise the checks of limits and of the next turn would show nothing.
  expect(startsAtLimit(evidence)).toBeGreaterThan(20)
  expect(countChoices(evidence)).toBeGreaterThan(20)

  const happened = new Set(evidence.faults.map(({ kind }) => kind))
  const missing = faultKinds.filter(
    (kind) => kind !== standstill && kind !== loss && !happened.has(kind),
  )
  expect(missing).toEqual((await canFillDisks()) ? [] : ['Redis disk full'])
})

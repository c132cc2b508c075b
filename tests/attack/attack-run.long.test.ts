import { expect, test } from 'vitest'
import { bringSandbox } from '@longhaul/provision'
import { attacks } from './attacks.ts'
import { runMs } from './bounds.ts'
import { runAttacks } from './run.ts'

const timeout = runMs + 2 * 60_000

test('no attack of one workspace harms another one', { timeout }, async ({ signal }) => {
  await bringSandbox({ signal })
  const { results, late } = await runAttacks({ attacks, signal, say: () => {} })
  expect(late).toEqual([])
  const problems = results.flatMap((each) =>
    each.problems.map((problem) => `${each.attack}, ${each.variant}: ${problem}`),
  )
  expect(problems).toEqual([])
})

import { describe, expect, test } from 'vitest'
import { cleaningUp } from '@longhaul/testbed/servers'
import { attemptChecks } from './attempt-check.ts'
import { gapCheck } from './gap-check.ts'
import { logOnResume } from './log-on-resume.ts'
import { outbox } from './outbox.ts'
import { parkCompare } from './park-compare.ts'
import type { Cut } from './sabotage.ts'
import type { Safeguard } from './safeguard.ts'

const safeguards: Safeguard[] = [...attemptChecks, outbox, logOnResume, parkCompare, gapCheck]

describe.concurrent.for(safeguards)('$name', ({ cuts, experiment }) => {
  async function violations(without: Cut[], signal: AbortSignal) {
    const { promise: aborted, reject } = Promise.withResolvers<never>()
    signal.addEventListener('abort', () => reject(signal.reason))
    return await cleaningUp((atEnd) => Promise.race([experiment(without, atEnd), aborted]))
  }

  test('keeps the promises', async ({ signal }) => {
    expect(await violations([], signal)).toEqual([])
  })

  test('is missed when it is gone', async ({ signal }) => {
    expect(await violations(cuts, signal)).not.toEqual([])
  })
})

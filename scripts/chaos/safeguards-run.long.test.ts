import { describe, expect, test } from 'vitest'
import { cleaningUp } from '../bench/cleaning-up.ts'
import { attemptChecks } from './safeguards/attempt-check.ts'
import { gapCheck } from './safeguards/gap-check.ts'
import { logOnResume } from './safeguards/log-on-resume.ts'
import { outbox } from './safeguards/outbox.ts'
import { parkCompare } from './safeguards/park-compare.ts'
import type { Cut } from './safeguards/sabotage.ts'
import type { Safeguard } from './safeguards/safeguard.ts'

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

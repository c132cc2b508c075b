import { describe, expect, test } from 'vitest'
import { withCleanup } from '@longhaul/testbed/servers'
import type { Cut } from './cut.ts'
import { safeguards } from './safeguards.ts'

describe.concurrent.for(safeguards)('$name', ({ cuts, always = [], experiment }) => {
  async function violations(without: Cut[], signal: AbortSignal) {
    const { promise: aborted, reject } = Promise.withResolvers<never>()
    signal.addEventListener('abort', () => reject(signal.reason))
    const experimentCuts = [...without, ...always]
    return await withCleanup((atEnd) => Promise.race([experiment(experimentCuts, atEnd), aborted]))
  }

  test('no promise is broken with it', async ({ signal }) => {
    expect(await violations([], signal)).toEqual([])
  })

  test('a promise is broken without it', async ({ signal }) => {
    expect(await violations(cuts, signal)).not.toEqual([])
  })
})

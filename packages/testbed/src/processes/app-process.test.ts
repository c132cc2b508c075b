import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { endProcessesOf, runMark } from '@longhaul/provision'
import { test } from '../index.ts'

/** A preload that keeps a process from loading its own modules. */
const hang = `data:text/javascript,${encodeURIComponent(
  'setInterval(() => {}, 1_000); await new Promise(() => {})',
)}`

test('a process that is never ready is killed', async ({ startApp }) => {
  const run = randomUUID()
  const env = { NODE_OPTIONS: `--import=${hang}`, [runMark]: run }
  await expect(startApp('worker', env, { readyWithinMs: 1_000 })).rejects.toThrow(
    /^the worker did not start: was not ready after 1000 ms/,
  )
  expect(await endProcessesOf(run)).toEqual([])
})

test('a process that ends before it is ready reports the reason', async ({ startApp }) => {
  await expect(startApp('worker', {})).rejects.toThrow(
    /^the worker did not start: Error: ended with 1\n[^]*REDIS_URL/,
  )
})

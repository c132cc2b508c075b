import { createLogger } from '@longhaul/process'
import { expect, onTestFinished, test } from 'vitest'
import { choresOf } from './chores.ts'
import { type Chore, startChores } from './run-chores.ts'

function started(chores: Chore[]) {
  const logged: object[] = []
  const log = createLogger({ name: 'test', level: 'silent' })
  log.warn = (fields: object) => logged.push(fields)
  const running = startChores(chores, log)
  onTestFinished(() => running.stop())
  return { ...running, logged }
}

const often = { everyMs: 1, firstMs: 0 }
const never = () => new Promise<void>(() => {})

test('a chore that fails or takes long does not delay the others', async () => {
  let passes = 0
  const failing: Chore = { name: 'a', ...often, run: () => Promise.reject(new Error('no')) }
  const counting: Chore = { name: 'c', ...often, run: () => Promise.resolve(void (passes += 1)) }
  const { promise, resolve } = Promise.withResolvers<void>()
  const long: Chore = { name: 'b', ...often, run: () => promise }
  const { logged } = started([failing, long, counting])
  await expect.poll(() => passes).toBeGreaterThan(2)
  expect(logged[0]).toMatchObject({ chore: 'a', err: { message: 'no' } })
  resolve()
})

test('a chore is overdue when its last complete pass is too long ago', async () => {
  const overdue = { afterMs: 20, reason: 'nothing was done' }
  let isBroken = true
  const { overdue: reason, logged } = started([
    { name: 'other', ...often, run: () => Promise.resolve() },
    {
      name: 'shards',
      ...often,
      overdue,
      run({ failed }) {
        if (isBroken) failed(new Error('no'), { shard: 1 })
        return Promise.resolve()
      },
    },
  ])
  expect(reason()).toBeUndefined()
  await expect.poll(reason).toBe('nothing was done')
  expect(logged[0]).toMatchObject({ chore: 'shards', shard: 1 })
  isBroken = false
  await expect.poll(reason).toBeUndefined()
})

test('one call aborts the running passes and waits for their ends', async () => {
  let ended = 0
  const run: Chore['run'] = ({ signal }) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        ended += 1
        resolve()
      })
    })
  const begun = [0, 0]
  const chores = [0, 1].map((at): Chore => ({
    name: String(at),
    ...often,
    run(pass) {
      begun[at] = 1
      return run(pass)
    },
  }))
  const running = started(chores)
  await expect.poll(() => begun).toEqual([1, 1])
  await running.stop()
  expect(ended).toBe(2)
})

test('a worker sends a heartbeat, repairs and purges within a second of its start', () => {
  const deps = { lockMs: 60_000, shards: 1, liveness: { report: never }, namespace: {} }
  const first = choresOf(deps as unknown as Parameters<typeof choresOf>[0])
  const soon = first.filter(({ firstMs = Infinity }) => firstMs <= 1_000)
  expect(soon.map(({ name }) => name)).toEqual(['liveness', 'reconcile', 'purge'])
})

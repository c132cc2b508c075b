import { expect, onTestFinished, test } from 'vitest'
import { startLoop } from './loop.ts'

const never = () => new Promise<void>(() => {})

type Options = Parameters<typeof startLoop>[0]

function loopOf(options: Pick<Options, 'run'> & Partial<Options>) {
  const failures: unknown[] = []
  const loop = startLoop({
    everyMs: 1,
    firstMs: 0,
    failed: (error) => void failures.push(error),
    ...options,
  })
  onTestFinished(() => loop.stop())
  return { loop, failures }
}

test('passes follow each other and never overlap', async () => {
  let [passes, now, most] = [0, 0, 0]
  loopOf({
    async run() {
      now += 1
      most = Math.max(most, now)
      await new Promise((resolve) => setTimeout(resolve, 5))
      passes += 1
      now -= 1
    },
  })
  await expect.poll(() => passes).toBeGreaterThan(3)
  expect(most).toBe(1)
})

test('a pass that fails is reported, and the next one runs', async () => {
  let passes = 0
  const { failures } = loopOf({
    run() {
      passes += 1
      return Promise.reject(new Error(`pass ${passes}`))
    },
  })
  await expect.poll(() => passes).toBeGreaterThan(1)
  expect(failures[0]).toEqual(new Error('pass 1'))
})

test('a pass may request the next one earlier', async () => {
  let passes = 0
  loopOf({
    everyMs: 3_600_000,
    run() {
      passes += 1
      return Promise.resolve(passes < 3 ? 0 : undefined)
    },
  })
  await expect.poll(() => passes).toBe(3)
})

test('stop aborts the current pass, waits for its end, and none follows', async () => {
  let [begun, ended] = [0, 0]
  const { loop, failures } = loopOf({
    async run(signal) {
      begun += 1
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      }).finally(() => {
        ended += 1
      })
    },
  })
  await expect.poll(() => begun).toBe(1)
  await loop.stop()
  expect([begun, ended, failures]).toEqual([1, 1, []])
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(begun).toBe(1)
})

test('the first pass can run at once, and a loop that is stopped before runs none', async () => {
  let passes = 0
  const { loop } = loopOf({
    run() {
      passes += 1
      return never()
    },
  })
  await loop.stop()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(passes).toBe(0)
})

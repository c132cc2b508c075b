import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { TookTooLong, within } from './time-limit.ts'

const runs = process.env['TEST_LANE'] === 'long' ? 300 : 80

test('a result within the time limit is returned, and an error is thrown', () => {
  expect(within(1_000, () => 7)).toBe(7)
  expect(() =>
    within(1_000, () => {
      throw new Error('broken')
    }),
  ).toThrow('broken')
})

test('endless work is interrupted', () => {
  expect(() =>
    within(50, () => {
      for (;;);
    }),
  ).toThrow(TookTooLong)
})

test('a process that is paused for longer than the limit does not exceed it', async () => {
  // Runs shorter than the pauses, of which some fall into a pause.
  const source = `
    const { within } = await import('./packages/content/src/work/time-limit.ts')
    const busyFor = (ms) => { const end = performance.now() + ms; while (performance.now() < end); }
    process.stdout.write('ready')
    for (let run = 0; run < ${runs}; run += 1) within(100, () => busyFor(5))
    process.stdout.write('done')
  `
  const flags = ['--input-type=module-typescript', '--eval', source]
  const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  while (!output.includes('ready')) await setImmediate()
  const pauses = setInterval(() => {
    child.kill('SIGSTOP')
    setTimeout(() => child.kill('SIGCONT'), 250)
  }, 350)
  await once(child, 'close')
  clearInterval(pauses)
  expect(output).toBe('readydone')
})

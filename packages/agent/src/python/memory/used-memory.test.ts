import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { heldMemory } from './used-memory.ts'

const MB = 1024 * 1024

/** Starts a shell whose child, a Node process, holds this much memory. It ends with the test. */
async function holding(megabytes: number, kill: (end: () => void) => void): Promise<number> {
  const script = `const held = Buffer.alloc(${megabytes} << 20, 1); console.log(held.length); setInterval(() => {}, 1e6)`
  const child = spawn('sh', ['-c', '"$0" -e "$1"; true', process.execPath, script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  kill(() => process.kill(-(child.pid ?? 0), 'SIGKILL'))
  await once(child.stdout, 'data')
  return child.pid ?? 0
}

const isLinux = process.platform === 'linux'

test.runIf(isLinux)(
  'the descendants of a process count, by estimate and exactly',
  async ({ onTestFinished }) => {
    const init = await holding(100, onTestFinished)
    for (const bound of [0, 1_000 * MB]) {
      const held = heldMemory(init, bound)
      expect(held).toBeGreaterThan(100 * MB)
      expect(held).toBeLessThan(250 * MB)
    }
  },
)

test.runIf(isLinux)('files of the machine do not count before the sandbox exists', () => {
  const child = spawn('sleep', ['600'])
  expect(heldMemory(child.pid ?? 0, 0)).toBe(0)
  child.kill('SIGKILL')
})

test.runIf(isLinux)('a process that has ended holds nothing', async () => {
  const child = spawn('true')
  await once(child, 'exit')
  expect(heldMemory(child.pid ?? 0, 1_000 * MB)).toBeLessThanOrEqual(64 * MB)
})

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { MemoryGuard } from './memory/memory-guard.ts'
import { runProcess } from './run-process.ts'

/** Starts a process, as bubblewrap does, and reports it late. */
const slowToTell = `
(exec 3>&- 4>&- 5>&- 6>&-; exec sleep 600 </dev/null >/dev/null 2>&1) &
echo $! > "$0"
sleep 0.2
printf '{ "child-pid": %d }' $! >&5
exec 5>&-
wait`

const guard: MemoryGuard = {
  kind: 'samples',
  take: () => Promise.resolve({ release: () => Promise.resolve(undefined) }),
}

test.skipIf(process.platform !== 'linux')(
  'a run that is aborted while it starts leaves no process',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'longhaul-outcome-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const pidFile = join(folder, 'pid')
    const child = spawn('sh', ['-c', slowToTell, pidFile], {
      stdio: Array.from({ length: 7 }, () => 'pipe' as const),
      // Its own group, as a call has.
      detached: true,
    })
    const controller = new AbortController()
    const outcome = runProcess(child, {
      task: '{}',
      filter: Buffer.alloc(0),
      workspace: 'w',
      guard,
      bounds: { call: 1, total: 1 },
      signal: controller.signal,
    })
    outcome.catch(() => {})
    const pid = async () => (existsSync(pidFile) ? Number(await readFile(pidFile, 'utf8')) : 0)
    await expect.poll(pid).toBeGreaterThan(0)
    const init = await pid()
    controller.abort(new Error('cancelled'))
    await expect(outcome).rejects.toThrow('cancelled')
    const isAlive = () => existsSync(`/proc/${init}`)
    onTestFinished(() => {
      if (isAlive()) process.kill(init, 'SIGKILL')
    })
    await expect.poll(isAlive).toBe(false)
  },
)

import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { endProcessesOf, runMark } from './run-leftovers.ts'

test.runIf(process.platform === 'linux')(
  'what a test run leaves behind is found by its mark, told, and killed',
  async () => {
    const run = randomUUID()
    const child = spawn('sleep', ['600'], { env: { PATH: '/usr/bin:/bin', [runMark]: run } })
    await once(child, 'spawn')
    const ended = once(child, 'exit')
    expect(await endProcessesOf(run, { graceMs: 100 })).toEqual([`${child.pid} sleep 600`])
    expect(await ended).toEqual([null, 'SIGKILL'])
    expect(await endProcessesOf(run)).toEqual([])
  },
)

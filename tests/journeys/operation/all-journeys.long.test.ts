import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const vitest = createRequire(import.meta.url).resolve('vitest/vitest.mjs')

const forms = ['cluster', 'sentinel']

test.for(forms)(
  'all journeys pass on a Redis of the form %s',
  { timeout: 1_800_000 },
  async (form) => {
    const words = ['run', 'tests/journeys', '--project', 'tests']
    const env = { ...process.env, TEST_LANE: 'short', TEST_REDIS_FORM: form, NO_COLOR: '1' }
    const run = spawn(process.execPath, [vitest, ...words], { cwd: root, env, stdio: 'pipe' })
    onTestFinished(() => void run.kill())
    let printed = ''
    for (const stream of [run.stdout, run.stderr]) stream.on('data', (part) => (printed += part))
    const [code] = await once(run, 'exit')
    const failed = printed.match(/^ *FAIL .*$/gm) ?? []
    expect({ code, failed }).toEqual({ code: 0, failed: [] })
  },
)

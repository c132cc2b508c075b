import { parseArgs } from 'node:util'
import { withCleanup } from '@longhaul/testbed/servers'
import { check } from './checks/check.ts'
import { chooseFaults } from './faults/choose-faults.ts'
import type { PlannedKind } from './faults/fault-kinds.ts'
import { report } from './report.ts'
import { run } from './run.ts'
import { saveEvidence } from './evidence/save-evidence.ts'
import { type RedisForm, redisForms } from './store/redis-form.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    tasks: { type: 'string' },
    seconds: { type: 'string' },
    workers: { type: 'string', default: '4' },
    quick: { type: 'boolean', default: false },
    faults: { type: 'string', default: '' },
    without: { type: 'string' },
    redis: { type: 'string', default: 'server' },
  },
})
const usual = values.quick ? { tasks: 200, seconds: 75 } : { tasks: 900, seconds: 280 }
const numbers = {
  seed: Number(values.seed),
  tasks: Number(values.tasks ?? usual.tasks),
  seconds: Number(values.seconds ?? usual.seconds),
  workers: Number(values.workers),
}
const wrong = Object.entries(numbers).find(([, value]) => !Number.isInteger(value) || value < 1)
const choice = chooseFaults(values)
const form = redisForms.find((each) => each === values.redis)
const problem =
  wrong !== undefined
    ? `--${wrong[0]} must be a whole number from 1`
    : form === undefined
      ? `--redis must be one of ${redisForms.join(', ')}`
      : choice.problem

if (problem === undefined && form !== undefined) {
  process.exitCode = (await chaos({ ...numbers, form, without: choice.without })) ? 0 : 1
} else {
  console.error(problem)
  process.exitCode = 1
}

type Numbers = { seed: number; tasks: number; seconds: number; workers: number; form: RedisForm }

/** Whether every promise was kept. */
async function chaos({
  seed,
  without,
  ...size
}: Numbers & { without: PlannedKind[] }): Promise<boolean> {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())
  const start = Date.now()
  const share = (every: number) => Math.max(1, Math.floor(size.seconds / every))
  const options = {
    seed,
    ...size,
    kills: Math.max(20, share(2.8)),
    poisons: share(120),
    continuationPairs: 2 * share(20),
    without,
    signal: stop.signal,
    say,
  }
  try {
    const { logs, ...evidence } = await withCleanup((atEnd) => run(options, atEnd))
    const violations = check(evidence)
    const folder = `.data/chaos/${size.form === 'server' ? '' : `${size.form}-`}seed-${seed}`
    await saveEvidence(folder, { violations, ...evidence }, logs)
    console.log(`\n${report(evidence, violations)}\n`)
    const seconds = Math.round((Date.now() - start) / 1_000)
    say(`seed ${seed}, ${seconds} s, ${violations.length} violations; evidence and logs: ${folder}`)
    return violations.length === 0
  } catch (error) {
    if (!stop.signal.aborted) throw error
    say('stopped before the end')
    return false
  }
}

function say(text: string): void {
  console.log(`chaos: ${text}`)
}

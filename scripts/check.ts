import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { endProcessesOf, runMark } from './run-leftovers.ts'

// Everything that a change must pass. The checks of the code run beside the tests, which mostly wait.
const { values } = parseArgs({ options: { long: { type: 'boolean', default: false } } })
const checks = ['typecheck', 'lint', 'format', 'unused']
const run = randomUUID()

const [problems, tested] = await Promise.all([runChecks(), runTests()])
const leftovers = await endProcessesOf(run)
for (const leftover of leftovers) console.error(`longhaul: left behind by the tests: ${leftover}`)
for (const problem of problems) console.error(`\nlonghaul: ${problem}`)
const failed = problems.length > 0 || tested !== 0 || leftovers.length > 0
console.log(failed ? '\nlonghaul: the checks failed' : '\nlonghaul: all checks passed')
process.exitCode = failed ? 1 : 0

/** One after the other, so that the tests keep a core; resolves with what each failed one has printed. */
async function runChecks(): Promise<string[]> {
  const failures: string[] = []
  for (const name of checks) {
    const { code, output } = await start('pnpm', ['run', name], { quiet: true })
    console.log(`longhaul: ${name} ${code === 0 ? 'passed' : 'FAILED, its output is at the end'}`)
    if (code !== 0) failures.push(`${name} failed:\n${output}`)
  }
  return failures
}

async function runTests(): Promise<number> {
  const env = {
    TEST_LANE: values.long ? 'long' : 'short',
    NODE_COMPILE_CACHE: join(import.meta.dirname, '../.data/compile-cache'),
    [runMark]: run,
  }
  const { code } = await start('pnpm', ['exec', 'vitest', 'run'], { env })
  return code
}

type Options = { quiet?: boolean; env?: Record<string, string> }

function start(command: string, words: string[], { quiet = false, env = {} }: Options) {
  const child = spawn(command, words, {
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    env: { ...process.env, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text: Buffer) => {
      output += text.toString()
    })
  }
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number; output: string }>()
  child.once('error', reject)
  child.once('close', (code) => resolve({ code: code ?? 1, output }))
  return promise
}

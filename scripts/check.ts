import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { dyingWithParent, endProcessesOf, runMark } from '@longhaul/provision'

// Runs all checks of a change. The checks of the code run in parallel with the tests, which mostly wait.
const { values } = parseArgs({ options: { long: { type: 'boolean', default: false } } })
process.chdir(dirname(import.meta.dirname))
const checks = {
  typecheck: 'node_modules/.bin/tsc',
  'typecheck of the dashboard': 'node_modules/.bin/tsc -p apps/dashboard',
  lint: 'node_modules/.bin/oxlint',
  format: 'node_modules/.bin/oxfmt --check',
  unused: 'node_modules/.bin/knip',
}
const run = randomUUID()
const running = new Set<ChildProcess>()
let interrupted = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interrupted = true
    for (const child of running) child.kill('SIGTERM')
  })
}

const [problems, tested] = await Promise.all([runChecks(), runTests()])
const leftovers = await endProcessesOf(run)
for (const leftover of leftovers) console.error(`longhaul: left behind by the tests: ${leftover}`)
for (const problem of problems) console.error(`\nlonghaul: ${problem}`)
const failed = interrupted || problems.length > 0 || tested !== 0 || leftovers.length > 0
console.log(
  `\nlonghaul: ${interrupted ? 'interrupted' : failed ? 'the checks failed' : 'all passed'}`,
)
process.exitCode = failed ? 1 : 0

/** Runs the checks one after the other, so that the tests keep a core. Resolves with the output of each failed one. */
async function runChecks(): Promise<string[]> {
  const failures: string[] = []
  for (const [name, command] of Object.entries(checks)) {
    if (interrupted) break
    const { code, output } = await start(command.split(' '), { quiet: true })
    console.log(`longhaul: ${name} ${code === 0 ? 'passed' : 'FAILED, its output is at the end'}`)
    if (code !== 0) failures.push(`${name} failed:\n${output}`)
  }
  return failures
}

async function runTests(): Promise<number> {
  const env = {
    TEST_LANE: values.long ? 'long' : 'short',
    NODE_COMPILE_CACHE: join(process.cwd(), '.data/compile-cache'),
    [runMark]: run,
  }
  return (await start([process.execPath, 'node_modules/vitest/vitest.mjs', 'run'], { env })).code
}

type Options = { quiet?: boolean; env?: Record<string, string> }

async function start(command: string[], { quiet = false, env = {} }: Options) {
  const [program = '', ...words] = [...(await dyingWithParent()), ...command]
  const child = spawn(program, words, {
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    env: { ...process.env, ...env },
  })
  running.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text: Buffer) => {
      output += text.toString()
    })
  }
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number; output: string }>()
  child.once('error', reject)
  child.once('close', (code) => {
    running.delete(child)
    resolve({ code: code ?? 1, output })
  })
  return await promise
}

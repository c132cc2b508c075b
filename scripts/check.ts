import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { dyingWithParent, endProcessesOf, runMark } from '@longhaul/provision'
import { failedFiles, type TestReport, unstableTests, withResultsOf } from './test-report.ts'

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
const reportFile = '.data/vitest.json'
/** More failed files than these have a cause in common, and are not tried again. */
const mostFilesAgain = 5
const run = randomUUID()
const running = new Set<ChildProcess>()
let interrupted = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interrupted = true
    for (const child of running) child.kill('SIGTERM')
  })
}

const [failedChecks, tested] = await Promise.all([runChecks(), runTests()])
const leftovers = await endProcessesOf(run)
for (const leftover of leftovers) console.error(`longhaul: left behind by the tests: ${leftover}`)
for (const failure of failedChecks) console.error(`\nlonghaul: ${failure}`)
const failed = interrupted || failedChecks.length > 0 || tested !== 0 || leftovers.length > 0
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

/**
 * Runs the tests, then each failed file once more, alone: a test that fails only beside others is unstable, which is
 * printed, and the checks go on to what else a change may have broken. Resolves with 0 if nothing fails in the end.
 */
async function runTests(): Promise<number> {
  await rm(reportFile, { force: true })
  const code = await runVitest()
  const first = await readReport()
  const files = interrupted ? [] : failedFiles(first)
  if (code === 0 || files.length === 0 || files.length > mostFilesAgain) return code

  let report = first
  let problems = 0
  for (const file of files) {
    console.log(`\nlonghaul: once more, alone: ${file}`)
    await rm(reportFile)
    if ((await runVitest(file)) !== 0) problems += 1
    report = withResultsOf(report, await readReport())
  }
  await writeFile(reportFile, JSON.stringify(report))
  for (const name of unstableTests(first, report)) {
    console.log(
      `longhaul: unstable, failed beside other tests and passed alone: ${relative(process.cwd(), name)}`,
    )
  }
  return problems
}

async function runVitest(...files: string[]): Promise<number> {
  const env = {
    TEST_LANE: values.long ? 'long' : 'short',
    NODE_COMPILE_CACHE: join(process.cwd(), '.data/compile-cache'),
    [runMark]: run,
  }
  const command = [process.execPath, 'node_modules/vitest/vitest.mjs', 'run', ...files]
  return (await start(command, { env })).code
}

/** The report of the latest run. A run that ends before it has written one has no results. */
async function readReport(): Promise<TestReport> {
  const text = await readFile(reportFile, 'utf8').catch(() => '{"testResults":[]}')
  return JSON.parse(text) as TestReport
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

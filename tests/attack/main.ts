import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg } from 'node:os'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { withCleanup, installVersion, stopSignal } from '@longhaul/testbed/servers'
import { bringSandbox } from '@longhaul/provision'
import { attacks } from './attacks.ts'
import { table } from './report.ts'
import { type Result, runAttacks } from './run.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    against: { type: 'string' },
    json: { type: 'string' },
    short: { type: 'boolean', default: false },
  },
})
const only = values.only.flatMap((names) => names.split(',')).filter((name) => name !== '')
const unknown = only.filter((name) => !attacks.some((attack) => attack.name === name))
if (unknown.length > 0) {
  console.error(`no attack is named ${unknown.join(', ')}: there are`)
  for (const { name, does } of attacks) console.error(`  ${name.padEnd(20)} ${does}`)
  process.exitCode = 1
} else {
  const signal = stopSignal()
  try {
    const failed = await withCleanup((atEnd) => run(signal, atEnd))
    process.exitCode = failed ? 1 : 0
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    console.error(signal.aborted ? 'attack: stopped before the end' : why)
    // Parts of an interrupted attack may still be running.
    process.exit(signal.aborted ? 130 : 1)
  }
}

/** Whether an attack has succeeded, or was not run. */
async function run(signal: AbortSignal, atEnd: (step: () => unknown) => void): Promise<boolean> {
  const { against, json, short } = values
  const chosen = attacks.filter(({ name }) => only.length === 0 || only.includes(name))
  const lacking = await bringSandbox({ signal })
  if (lacking.length > 0) say(`code tools cannot run here: ${lacking.join(' and ')} missing`)
  const installation =
    against === undefined ? undefined : await installVersion(against, { say, signal })
  atEnd(() => installation?.remove())
  const { results, late } = await runAttacks({ attacks: chosen, installation, short, signal, say })
  console.log(`\n${table(results)}\n`)
  if (json !== undefined) await save(json, { against, results, late })
  for (const name of late) say(`${name}: not begun, the ten minutes are over`)
  const succeeded = results.filter(({ problems }) => problems.length > 0)
  for (const { attack, variant, problems } of succeeded) {
    for (const problem of problems) say(`SUCCEEDED  ${attack}, ${variant}: ${problem}`)
  }
  say(`${results.length - succeeded.length} of ${results.length} attacks were withstood`)
  return succeeded.length > 0 || late.length > 0
}

async function save(
  file: string,
  { against, results, late }: { against: string | undefined; results: Result[]; late: string[] },
): Promise<void> {
  const machine = { node: process.version, cores: availableParallelism(), load: loadavg() }
  const report = { at: new Date(), machine, against, results, late }
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`)
  say(`written to ${file}`)
}

function say(text: string): void {
  console.log(`attack: ${text}`)
}

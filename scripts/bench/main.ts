import { parseArgs } from 'node:util'
import { accept } from './accept.ts'
import { broken } from './bounds.ts'
import { type Bench, saveReport, table } from './report.ts'
import { recovery } from './recovery.ts'
import { stream } from './stream.ts'
import { turn } from './turn.ts'

const benches: Record<string, Bench> = { accept, turn, stream, recovery }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, rounds: { type: 'string' } },
})
const unknown = positionals.filter((name) => !Object.hasOwn(benches, name))
const rounds = values.quick ? 1 : Number(values.rounds ?? 9)
if (unknown.length > 0) {
  leave(`no bench is named ${unknown.join(', ')}: there are ${Object.keys(benches).join(', ')}`)
} else if (!Number.isInteger(rounds) || rounds < 1) {
  leave(`--rounds must be a whole number from 1, but is ${values.rounds}`)
} else {
  for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
    await run(name)
  }
}

async function run(name: string): Promise<void> {
  const progress = (text: string) => console.log(`${name}: ${text}`)
  const report = await benches[name]?.({ rounds, quick: values.quick, progress })
  if (report === undefined) return
  console.log(`\n${table(name, report)}\n`)
  progress(`written to ${await saveReport(name, { quick: values.quick, ...report })}`)
  if ('rows' in report) return
  for (const promise of broken(report)) {
    progress(`BROKEN  ${promise}`)
    // A quick run on a busy machine shows that the bench runs, and nothing else.
    if (!values.quick) process.exitCode = 1
  }
}

function leave(problem: string): void {
  console.error(problem)
  process.exitCode = 1
}

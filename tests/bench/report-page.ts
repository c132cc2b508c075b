import { readFile, writeFile } from 'node:fs/promises'
import { figure, type Report, type Row } from './report.ts'

/** The page with the figures. */
const page = 'docs/reference/performance.md'
const begin = '<!-- figures: begin -->'
const end = '<!-- figures: end -->'
/** The benches of the page. */
const order = 'accept retrieve sync background steps memory turn stream backlog peers'.split(' ')

/** A report of a long run, as `saveReport` writes it. */
type Saved = Report & { at: string; machine: Machine }
type Machine = { node: string; redis?: string; cores: number; processor: string; memory: number }

/** Writes the figures of the latest long runs into the page. Returns the benches that have none. */
export async function writePage(): Promise<{ page: string; missing: string[] }> {
  const saved = await Promise.all(order.map(async (name) => ({ name, report: await load(name) })))
  const text = await readFile(page, 'utf8')
  const [before, rest = ''] = text.split(begin)
  const [, after] = rest.split(end)
  if (after === undefined) throw new Error(`${page} has no lines ${begin} and ${end}`)
  await writeFile(page, `${before}${begin}\n\n${figuresOf(saved)}\n\n${end}${after}`)
  return { page, missing: saved.flatMap(({ name, report }) => (report ? [] : [name])) }
}

async function load(name: string): Promise<Saved | undefined> {
  const text = await readFile(`.data/bench/${name}.json`, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as Saved)
}

type Named = { name: string; report: Saved | undefined }

/** The machine, a table of all figures, and the notes. A bench without a long run has a row that says so. */
export function figuresOf(reports: Named[]): string {
  const measured = reports.flatMap(({ report }) => report ?? [])
  const [latest] = measured.toSorted((a, b) => b.at.localeCompare(a.at))
  const lines = [
    latest === undefined ? 'Not measured yet.' : machineOf(latest),
    '',
    '| bench | figure | ours | reference | ratio | least – most | to reach | to aim at |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...reports.flatMap(({ name, report }) => linesOf(name, report)),
    '',
    ...reports.flatMap(({ name, report }) =>
      (report?.notes ?? []).map((note) => noteOf(name, note)),
    ),
  ]
  return lines.join('\n').trimEnd()
}

function machineOf({ at, machine }: Saved): string {
  const { cores, processor, memory, node, redis } = machine
  const what = `${cores} cores (${processor}), ${Math.round(memory / 2 ** 30)} GB`
  return `Measured on ${at.slice(0, 10)}: ${what}, Node ${node.slice(1)}, Redis ${redis ?? 'unknown'}.`
}

function linesOf(name: string, report: Saved | undefined): string[] {
  if (report === undefined || !('rows' in report))
    return [`| \`${name}\` | not measured | | | | | | |`]
  return report.rows.map((row) => lineOf(name, row))
}

function lineOf(name: string, { what, ours, reference, ratio, goal }: Row): string {
  const spread = `${ratio.least.toFixed(2)} – ${ratio.most.toFixed(2)}`
  const goals = goal === undefined ? ['', ''] : [String(goal.reach), String(goal.aim)]
  const cells = [`\`${name}\``, what, figure(ours), figure(reference), ratio.median.toFixed(2)]
  return `| ${[...cells, spread, ...goals].join(' | ')} |`
}

function noteOf(name: string, note: string): string {
  return `- \`${name}\`: ${note}`
}

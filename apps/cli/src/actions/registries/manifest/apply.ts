import { ApiError } from '@longhaul/client'
import { readInput } from '../../shared/read-options.ts'
import type { Context } from '../../../context.ts'
import { UsageError } from '../../../failure.ts'
import type { Given } from '../../../spec.ts'
import { type Difference, differencesOf } from './differences.ts'
import { parseManifests } from './parse-manifests.ts'

type Manifest = Record<string, unknown>

/** How to read and write what a file describes. */
type Registry = {
  kind: string
  get(key: string): Promise<object>
  /** An item of a reply in the form of a request. */
  shape(item: Manifest): Manifest
  create(body: Manifest): Promise<unknown>
  update(key: string, body: Manifest): Promise<unknown>
}

type Change = { key: string; action: 'create' | 'update' | 'none'; differences: Difference[] }

/** Makes the server's items as the file has them, and shows the differences. Nothing is written before all are read. */
export async function apply(given: Given, context: Context, registry: Registry): Promise<void> {
  const file = given.text('file')
  if (file === undefined) throw new UsageError('--file is missing', 'Name a file, or - for stdin.')
  const manifests = await parseManifests(await readInput(file, context), file)
  const changes: Change[] = []
  for (const manifest of manifests) changes.push(await changeOf(manifest, registry))
  const dry = given.flag('dryRun')
  for (const [at, change] of changes.entries()) {
    const manifest = manifests[at]
    if (!dry && manifest !== undefined) await perform(change, manifest, registry)
    show(change, { context, kind: registry.kind, dry })
  }
}

async function changeOf(manifest: Manifest & { key: string }, registry: Registry): Promise<Change> {
  const { key } = manifest
  let known: Manifest
  try {
    known = registry.shape((await registry.get(key)) as Manifest)
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error
    return { key, action: 'create', differences: differencesOf({}, manifest) }
  }
  const differences = differencesOf(known, manifest)
  return { key, action: differences.length > 0 ? 'update' : 'none', differences }
}

async function perform(
  { key, action, differences }: Change,
  manifest: Manifest,
  registry: Registry,
) {
  if (action === 'create') await registry.create(manifest)
  if (action !== 'update') return
  // Whole fields are sent: the server replaces them.
  const changed = new Set(differences.map(({ path }) => path.split(/[.[]/, 1)[0] ?? ''))
  const fields = Object.entries(manifest).filter(([name]) => changed.has(name))
  await registry.update(key, Object.fromEntries(fields))
}

const words = {
  create: ['created', 'would be created'],
  update: ['changed', 'would be changed'],
  none: ['unchanged', 'unchanged'],
} as const

type View = { context: Context; kind: string; dry: boolean }

function show({ key, action, differences }: Change, { context, kind, dry }: View): void {
  const { out } = context
  if (out.json) return void out.entry({ kind, key, action, dry_run: dry, differences })
  out.print(`${kind} ${key} ${words[action][dry ? 1 : 0]}`)
  for (const { path, before, after } of differences) {
    out.print(`  ${path}`)
    if (before !== undefined) out.line(out.style('red', `    - ${textOf(before)}`))
    if (after !== undefined) out.line(out.style('green', `    + ${textOf(after)}`))
  }
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.replaceAll('\n', '\n      ')
}

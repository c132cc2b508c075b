import {
  type Finding,
  type ScanResult,
  type ScanOptions,
  type ScanPart,
  scanParts,
  type ScanCursor,
  type Tickets,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { checkBytes } from './check-bytes.ts'
import { checkShard } from './check-shard.ts'
import { checkTask, type IndexEntry } from './check-task.ts'
import { fewAtOnce } from './few-at-once.ts'
import { identify, type Identity } from './identity.ts'
import { labelEntries } from './label-entries.ts'
import { type PartPage, partsOf, workspacesOf } from './parts.ts'

type Context = ScanOptions & {
  redis: Redis
  /** A test's clock, or ''. */
  now: () => number | ''
  time: () => Promise<number>
  pause: (ms: number) => Promise<unknown>
  tickets: Tickets | undefined
}

/** A scan that takes longer than this continues with the next request, milliseconds. */
const patience = 2_000

/** Scans all parts of all shards, from a cursor on, and checks each entry. */
export async function scan(
  from: ScanCursor | undefined,
  { shards, ...context }: Context & { shards: number },
): Promise<ScanResult> {
  const parts = partsOf(context.redis)
  const known = new Set(await workspacesOf(context.redis))
  // Several entries refer to one task.
  const findings = new Map<string, Finding>()
  let cursor: ScanCursor | undefined = from ?? { shard: 0, part: scanParts[0], at: '' }
  let scanned = 0
  const till = performance.now() + patience
  let effort = 0
  while (cursor !== undefined && effort < context.limit && performance.now() < till) {
    const { shard, part, at }: ScanCursor = cursor
    if (shard >= shards) return reported()
    const page = await parts[part](at, shard)
    for (const finding of await checkPage(page, { ...context, shard, known, part })) {
      findings.set(`${finding.taskId} ${finding.detail}`, finding)
    }
    const entries = page.indexEntries.length + page.workspaces.length + page.schedules.length
    scanned += entries
    // An empty page has a cost, too.
    effort += entries + 1
    cursor = page.next === undefined ? after(cursor, shards) : { shard, part, at: page.next }
  }
  return reported(cursor)

  function reported(next?: ScanCursor): ScanResult {
    return { findings: [...findings.values()], looked: scanned, ...(next && { next }) }
  }
}

/** The part after a finished one, in the same shard or in the next. */
function after({ shard, part }: ScanCursor, shards: number): ScanCursor | undefined {
  const next = scanParts[scanParts.indexOf(part) + 1]
  if (next !== undefined) return { shard, part: next, at: '' }
  return shard + 1 < shards ? { shard: shard + 1, part: scanParts[0], at: '' } : undefined
}

type PageContext = Context & { shard: number; part: ScanPart; known: Set<string> }

async function checkPage(page: PartPage, context: PageContext): Promise<Finding[]> {
  const found = await fewAtOnce(page.indexEntries, (entry) => checkEntry(entry, context))
  return [...found.flat(), ...(await checkShard(page, context))]
}

async function checkEntry(entry: IndexEntry, context: PageContext): Promise<Finding[]> {
  const { redis, repair, turnDeadlineMs, now, part } = context
  const { taskId } = entry
  const identity = await identify(redis, taskId)
  const options = { repair, turnDeadlineMs, now: now(), identity }
  const findings = await checkTask(redis, entry, options)
  if (identity === undefined) return findings
  if (part === 'tasks') {
    const neighbours = await labelEntries(redis, taskId, identity.labels)
    for (const gone of neighbours) {
      findings.push(...(await checkTask(redis, gone, { ...options, identity: undefined })))
    }
  }
  if (isCountedHere(identity, context)) {
    findings.push(...(await checkBytes(redis, taskId, { repair })))
  }
  return findings
}

/**
 * Each log is read once in a scan: when its task is found in the list of its workspace, or, for a workspace without an
 * API key, in the sets that list every task.
 */
function isCountedHere({ workspace }: Identity, { part, known }: PageContext): boolean {
  if (part === 'tasks') return true
  return (part === 'deadlines' || part === 'forget') && !known.has(workspace)
}

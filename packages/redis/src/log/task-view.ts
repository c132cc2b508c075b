import {
  hasEnded,
  type TaskQuery,
  type TaskSketch,
  type TaskView,
  wellFormedJson,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import { blobSize, whatIsLeft } from './blobs.ts'
import { unpack } from './unpack-blobs.ts'
import { taskKeys } from '../connection/keys.ts'
import { loadBlobs } from './load-blobs.ts'
import { asResult } from './from-stored.ts'
import { startedIn, statuses } from './head-fields.ts'
import { oneOf, record } from '../connection/parser.ts'
import type { Transfers } from '../connection/transfers.ts'
import { guarded } from '../connection/unavailable.ts'

const headFields = ['ws', 'agent', 'status', 'turn', 'started', 'hidden', 'keep', 'bytes'] as const

const storedStatus = oneOf(...statuses)

type Texts = (string | null)[]

/** How many characters of ended tasks are remembered, and of one of them. */
const remembered = { maxSize: 4_000_000, maxEntrySize: 16_000 }

/**
 * Returns a function that reads a task from its head: one read, and more for a large result. An ended task that has not
 * changed is not parsed again, so its view is always the same object, which nobody may change.
 */
export function createViewReader(
  transfers: Transfers,
): (taskId: string) => Promise<TaskView | undefined> {
  const ended = new LRUCache<string, { texts: Texts; view: TaskView }>({
    ...remembered,
    sizeCalculation: ({ texts }) => sizeOf(texts),
  })
  return async (taskId) => {
    const texts = await transfers.small({ taskId }, (on) => readTexts(on, taskId))
    const known = ended.get(taskId)
    if (known !== undefined && isSame(known.texts, texts)) return known.view
    const head = asHead(taskId, texts)
    if (head === undefined) return undefined
    transfers.remember(taskId, head.workspace)
    const { view, size } = await asView(transfers, head)
    // A large value may be lost later.
    if (hasEnded(view.status) && size === 0) ended.set(taskId, { texts, view })
    return view
  }
}

function isSame(known: Texts, texts: Texts): boolean {
  for (const [at, text] of known.entries()) if (text !== texts[at]) return false
  return true
}

/** A parsed head whose result is not unpacked yet. */
export type Head = TaskSketch & { resultText: string | undefined }

/** What a query uses of heads besides the usual fields. */
type Used = Pick<TaskQuery, 'byMetadata' | 'byWords' | 'byFailure'>

/** Reads the head of a task with its caller metadata and its result. `size` is the number of characters read. */
export async function readHead(
  on: Redis,
  taskId: string,
  { byWords = false, byFailure = false }: Omit<Used, 'byMetadata'> = {},
): Promise<{ item: Head | undefined; size: number }> {
  const fields = byWords ? [...viewFields, 'words'] : viewFields
  const texts = await guarded(() => on.hmget(taskKeys(taskId).head, ...fields))
  const head = asHead(taskId, texts)
  const words = byWords ? texts.at(-1) : undefined
  const failure = byFailure ? failureIn(head?.resultText) : undefined
  const item = head && { ...head, ...(words != null && { words }), ...(failure && { failure }) }
  return { item, size: sizeOf(texts) }
}

const viewFields = [...headFields, 'notes', 'result']

function readTexts(on: Redis, taskId: string): Promise<Texts> {
  return guarded(() => on.hmget(taskKeys(taskId).head, ...viewFields))
}

function asHead(taskId: string, texts: Texts): Head | undefined {
  const [callerMetadata, result] = texts.slice(headFields.length)
  const sketch = asSketch(taskId, texts, callerMetadata)
  return sketch && { ...sketch, resultText: result ?? undefined }
}

/** Reads the part of a head that a filter needs: of the result only the failure, and other fields only if necessary. */
export async function readSketch(
  on: Redis,
  taskId: string,
  { byMetadata, byWords = false, byFailure = false }: Used,
): Promise<{ item: TaskSketch | undefined; size: number }> {
  const { head } = taskKeys(taskId)
  const fields = [...headFields, ...(byMetadata ? ['notes'] : []), ...(byWords ? ['words'] : [])]
  const read = await guarded(() => on.hmget(head, ...fields))
  const words = byWords ? read.at(-1) : undefined
  const sketch = asSketch(taskId, read, byMetadata ? read[headFields.length] : undefined)
  const hasFailed = sketch && hasEnded(sketch.status) && sketch.status !== 'completed'
  const result = byFailure && hasFailed ? await guarded(() => on.hget(head, 'result')) : undefined
  const failure = failureIn(result ?? undefined)
  const item = sketch && { ...sketch, ...(words != null && { words }), ...(failure && { failure }) }
  return { item, size: sizeOf(read) + (result?.length ?? 0) }
}

/** The code of a failure in a stored result. */
function failureIn(resultText: string | undefined): string | undefined {
  if (resultText === undefined) return undefined
  const { failure } = JSON.parse(wellFormedJson(resultText)) as { failure?: { code?: string } }
  return failure?.code
}

/** Loads the result of a task. `size` is the number of characters of large values. */
export async function asView(
  transfers: Transfers,
  { resultText, words: _words, failure: _failure, ...sketch }: Head,
): Promise<{ view: TaskView; size: number }> {
  if (resultText === undefined) return { view: sketch, size: 0 }
  let size = 0
  const load = loadBlobs(transfers, sketch.taskId)
  const [whole] = await unpack(
    [resultText],
    (sizes) => {
      size += blobSize(sizes)
      return load(sizes)
    },
    { parse: asResult, lost: whatIsLeft },
  )
  return { view: whole === undefined ? sketch : { ...sketch, result: whole }, size }
}

function asSketch(
  taskId: string,
  [workspace, agentId, status, turn, started, softDeleted, keep, bytes]: (string | null)[],
  callerMetadata: string | null | undefined,
): TaskSketch | undefined {
  if (workspace == null || agentId == null || status == null || started == null) return undefined
  return {
    taskId,
    workspace,
    agentId,
    status: storedStatus(status),
    turn: Number(turn),
    started: startedIn(started),
    bytes: Number(bytes),
    keepForMs: Number(keep),
    ...(softDeleted != null && { hidden: softDeletedTurns(softDeleted) }),
    notes:
      callerMetadata == null || callerMetadata === ''
        ? {}
        : record(JSON.parse(wellFormedJson(callerMetadata))),
  }
}

function sizeOf(texts: (string | null)[]): number {
  return texts.reduce((size, text) => size + (text?.length ?? 0), 0)
}

/** Parses the soft-deleted turns in a head. */
export function softDeletedTurns(text: string): number[] {
  return text.trim().split(' ').map(Number)
}

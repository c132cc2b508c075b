import { type TaskSketch, type TaskView, wellFormedJson } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { blobSize, whatIsLeft } from './blobs.ts'
import { unpack } from './unpack-blobs.ts'
import { taskKeys } from '../connection/keys.ts'
import { loadBlobs } from './load-blobs.ts'
import { asResult } from './from-stored.ts'
import { startedIn, statuses } from './head-fields.ts'
import { oneOf, record } from '../connection/parser.ts'
import type { Transfers } from '../connection/transfers.ts'
import { guarded } from '../connection/unavailable.ts'

const short = ['ws', 'agent', 'status', 'turn', 'started', 'hidden', 'keep', 'bytes'] as const

const storedStatus = oneOf(...statuses)

/** A task as its head tells of it: one read, but for a result that is large. */
export async function readView(
  transfers: Transfers,
  taskId: string,
): Promise<TaskView | undefined> {
  const { item: head } = await transfers.small({ taskId }, (on) => readHead(on, taskId))
  if (head !== undefined) transfers.remember(taskId, head.workspace)
  return head && (await asView(transfers, head)).view
}

/** What a head tells, before the large values of its result are there. */
export type Head = TaskSketch & { resultText: string | undefined }

/** The head of a task with its notes and its result, and how many characters were read. */
export async function readHead(
  on: Redis,
  taskId: string,
): Promise<{ item: Head | undefined; size: number }> {
  const { head } = taskKeys(taskId)
  const read = await guarded(() => on.hmget(head, ...short, 'notes', 'result'))
  const [callerMetadata, result] = read.slice(short.length)
  const sketch = asSketch(taskId, read, callerMetadata)
  return {
    item: sketch && { ...sketch, resultText: result ?? undefined },
    size: sizeOf(read),
  }
}

/** What a filter may look at: the head without the result, and without the notes unless they are needed. */
export async function readSketch(
  on: Redis,
  taskId: string,
  { notes: wanted }: { notes: boolean },
): Promise<{ item: TaskSketch | undefined; size: number }> {
  const { head } = taskKeys(taskId)
  const fields = wanted ? [...short, 'notes'] : short
  const read = await guarded(() => on.hmget(head, ...fields))
  return { item: asSketch(taskId, read, read[short.length]), size: sizeOf(read) }
}

/** A task as its head tells of it, with its whole result, and how many characters of that were large values. */
export async function asView(
  transfers: Transfers,
  { resultText, ...sketch }: Head,
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

/** Turns whose responses were deleted, as the head keeps them. */
export function softDeletedTurns(text: string): number[] {
  return text.trim().split(' ').map(Number)
}

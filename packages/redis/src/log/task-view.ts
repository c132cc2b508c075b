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

const headFields = ['ws', 'agent', 'status', 'turn', 'started', 'hidden', 'keep', 'bytes'] as const

const storedStatus = oneOf(...statuses)

/** Reads a task from its head: one read, and more for a large result. */
export async function readView(
  transfers: Transfers,
  taskId: string,
): Promise<TaskView | undefined> {
  const { item: head } = await transfers.small({ taskId }, (on) => readHead(on, taskId))
  if (head !== undefined) transfers.remember(taskId, head.workspace)
  return head && (await asView(transfers, head)).view
}

/** A parsed head whose result is not unpacked yet. */
export type Head = TaskSketch & { resultText: string | undefined }

/** Reads the head of a task with its caller metadata and its result. `size` is the number of characters read. */
export async function readHead(
  on: Redis,
  taskId: string,
): Promise<{ item: Head | undefined; size: number }> {
  const { head } = taskKeys(taskId)
  const read = await guarded(() => on.hmget(head, ...headFields, 'notes', 'result'))
  const [callerMetadata, result] = read.slice(headFields.length)
  const sketch = asSketch(taskId, read, callerMetadata)
  return {
    item: sketch && { ...sketch, resultText: result ?? undefined },
    size: sizeOf(read),
  }
}

/** Reads the part of a head that a filter needs: no result, and caller metadata only if necessary. */
export async function readSketch(
  on: Redis,
  taskId: string,
  { notes: withMetadata }: { notes: boolean },
): Promise<{ item: TaskSketch | undefined; size: number }> {
  const { head } = taskKeys(taskId)
  const fields = withMetadata ? [...headFields, 'notes'] : headFields
  const read = await guarded(() => on.hmget(head, ...fields))
  return { item: asSketch(taskId, read, read[headFields.length]), size: sizeOf(read) }
}

/** Loads the result of a task. `size` is the number of characters of large values. */
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

/** Parses the soft-deleted turns in a head. */
export function softDeletedTurns(text: string): number[] {
  return text.trim().split(' ').map(Number)
}

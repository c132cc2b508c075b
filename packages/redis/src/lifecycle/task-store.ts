import {
  type AppendReply,
  asksReview,
  closesParts,
  factVersion,
  fullAt,
  jobId,
  limits,
  LonghaulError,
  type SubmitReply,
  type TaskStore,
  unheldBytes,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { type Blobs, pack, whatIsLeft } from '../log/blobs.ts'
import { cancelTurn } from './cancel-turn.ts'
import { forgetTask } from './purge-task.ts'
import { hideTurn } from './soft-delete-turn.ts'
import { taskKeys } from '../connection/keys.ts'
import { createKin } from './parent-child-links.ts'
import { loadBlobs } from '../log/load-blobs.ts'
import { cursorAfter, readEntries } from '../log/read-entries.ts'
import { readFacts, unpackHeld } from '../log/read-facts.ts'
import { asTakenTurn, readTurns } from '../log/read-turns.ts'
import { loadScript, runScript } from '../connection/script.ts'
import { seenArg } from '../log/last-seen.ts'
import { listTasks } from '../log/list-tasks.ts'
import { readView } from '../log/task-view.ts'
import { type Bulk, createTransfers, sizeOf } from '../connection/transfers.ts'
import { guarded } from '../connection/unavailable.ts'

const scripts = {
  submit: loadScript('turn/submit'),
  claim: loadScript('turn/claim'),
  append: loadScript('turn/append'),
  stream: loadScript('turn/record-deltas'),
  beat: loadScript('turn/renew-lease'),
  release: loadScript('turn/release'),
}

/**
 * The log, the heads and the leases, in Redis. `worker` is the id under which this process tells that it lives;
 * `bulk` is for what is large; `noteBytes` is how many bytes of notes a workspace may have; `clock` replaces Redis's own in tests.
 */
export function createTaskStore(
  redis: Redis,
  options: {
    shards?: number
    worker?: string
    bulk?: Bulk
    noteBytes?: number
    clock?: () => number
  } = {},
): TaskStore {
  const now = () => options.clock?.() ?? ''
  const { noteBytes = limits.workspace.noteBytes } = options
  const transfers = createTransfers(redis, options.bulk)
  const kinOf = createKin(transfers, options)

  /** What is missing or broken now will be so for the next worker, too. */
  async function readable(texts: string[], taskId: string) {
    try {
      return { facts: await unpackHeld(texts, loadBlobs(transfers, taskId)) }
    } catch (error) {
      if (error instanceof LonghaulError) throw error
      return { facts: [], unreadable: error instanceof Error ? error.message : String(error) }
    }
  }

  return {
    facts: (taskId, from = 0, to = -1) => readFacts(transfers, taskId, { from, to }),

    told: (taskId, from = 0, to = -1) =>
      readFacts(transfers, taskId, { from, to, lost: whatIsLeft, whole: true }),

    async submit(submission) {
      const { taskId, workspace, agentId, requestId, after, started, labels = [] } = submission
      const keys = taskKeys(taskId)
      const blobs: Blobs = new Map()
      const turn = after + 1
      const fact = pack({ type: 'turn.started', turn, ...started }, blobs)
      const { model, assistantMessageId: messageId, traceId, spanId } = started
      const told = JSON.stringify({ model, messageId, traceId, spanId })
      const sent = [
        keys.head,
        keys.log,
        keys.deltas,
        keys.shard.outbox,
        keys.shard.wake,
        keys.shard.tasksOf(workspace),
        keys.shard.byAgent(agentId),
        keys.shard.deadlines,
        keys.shard.forget,
        keys.shard.failed,
        ...keys.shard.addJob,
        keys.shard.notes,
        ...labels.map((label) => keys.shard.byLabel(workspace, label)),
        ...[...blobs.keys()].map(keys.blob),
      ]
      const args = [
        now(),
        taskId,
        workspace,
        agentId,
        requestId,
        after,
        jobId(taskId, turn, 1),
        fact,
        told,
        keys.shard.queue,
        started.notes === undefined ? '' : JSON.stringify(started.notes),
        submission.deadlineMs,
        submission.retentionMs,
        fullAt.facts,
        fullAt.bytes,
        labels.length,
        noteBytes / (options.shards ?? 1),
        ...blobs.values(),
      ]
      const reply = await transfers.move(sizeOf(args), { workspace }, (on) =>
        runScript(on, scripts.submit, sent, args),
      )
      const [outcome, number, at, pos, factNumber] = reply as [
        SubmitReply['action'],
        ...(string | number)[],
      ]
      if (outcome === 'full')
        return { action: outcome, what: number as 'facts' | 'bytes' | 'notes' }
      if (outcome === 'conflict' || outcome === 'not_found') return { action: outcome }
      return {
        action: outcome,
        turn: Number(number),
        startedAt: Number(at),
        pos: Number(pos),
        fact: Number(factNumber),
      }
    },

    view: (taskId) => readView(transfers, taskId),

    list: (query, page) => listTasks(transfers, query, { ...page, shards: options.shards ?? 1 }),

    read: (taskId, cursor) => readEntries(transfers, taskId, cursor),

    cursorAfter: (taskId, pos) => cursorAfter(transfers, taskId, pos),

    turns: (taskId) => readTurns(redis, taskId),

    async claim(job, attempt, lockMs, { alone: isAlone = false, room } = {}) {
      const { taskId } = job
      const keys = taskKeys(taskId)
      const reply = (await runScript(
        redis,
        scripts.claim,
        [
          keys.head,
          keys.log,
          keys.shard.outbox,
          keys.shard.leases,
          keys.shard.wake,
          keys.shard.workers,
          keys.shard.deadlines,
        ],
        [
          now(),
          taskId,
          jobId(taskId, job.turn, job.segment),
          attempt,
          lockMs,
          options.worker ?? '',
          isAlone ? '1' : '',
          factVersion,
          limits.large,
          limits.blame.suspect,
          limits.blame.streamed,
          limits.blame.alone,
          room ?? '',
        ],
      )) as
        | ['busy', number]
        | ['large', number, string]
        | ['stale' | 'newer']
        | ['suspect', string, number, number, number]
        | ['claimed', ...ClaimedReply]
      switch (reply[0]) {
        case 'busy':
          return { outcome: reply[0], inMs: reply[1] }
        case 'large':
          return { outcome: reply[0], bytes: reply[1], workspace: reply[2] }
        case 'stale':
        case 'newer':
          return { outcome: reply[0] }
        case 'suspect': {
          const [outcome, workspace, deaths, alone, sinceMs] = reply
          return { outcome, workspace, deaths, alone, sinceMs }
        }
        case 'claimed': {
          const [outcome, epoch, cancel, texts, workspace, deaths, length, bytes, ...rest] = reply
          const [deadline, unread, alone, held] = rest
          return {
            outcome,
            workspace,
            epoch,
            cancelRequested: cancel === 1,
            deaths,
            alone,
            length,
            bytes,
            held,
            deadline: deadline === '' ? Infinity : Number(deadline),
            ...(unread === 1 && { unread: true as const }),
            ...(await readable(texts, taskId)),
          }
        }
      }
    },

    async append({ taskId, attempt, ordinal, facts: added, seen, end, park }) {
      const keys = taskKeys(taskId)
      const blobs: Blobs = new Map()
      const texts = added.map((fact) => pack(fact, blobs))
      const decision =
        end !== undefined
          ? [end.folded, end.status, pack(end.result, blobs)]
          : park !== undefined
            ? [park.folded, 'parked', park.until]
            : ['', '', '']
      const sent = [
        keys.head,
        keys.log,
        keys.deltas,
        keys.shard.outbox,
        keys.shard.leases,
        keys.shard.deadlines,
        keys.shard.wake,
        keys.shard.forget,
        keys.shard.failed,
        keys.shard.reviews,
        keys.shard.answers,
        ...[...blobs.keys()].map(keys.blob),
      ]
      const args = [
        now(),
        taskId,
        attempt,
        ordinal,
        texts.length,
        ...texts,
        added.some(closesParts) ? 'parts' : added.some(asksReview) ? 'reviews' : '',
        ...decision,
        seenArg(seen),
        added.reduce((sum, fact) => sum + unheldBytes(fact), 0),
        ...blobs.values(),
      ]
      const reply = await transfers.move(sizeOf(args), { taskId }, (on) =>
        runScript(on, scripts.append, sent, args),
      )
      const [outcome, length, pos, at, cancel, bytes, kin, held] = reply as [
        AppendReply['outcome'],
        number,
        number | string,
        number,
        number,
        number,
        number,
        number,
      ]
      if (kin === 1) await kinOf.settle(taskId)
      switch (outcome) {
        case 'fenced':
          return { outcome }
        case 'stale':
          return { outcome, cancelRequested: length === 1 }
        case 'ok':
          return {
            outcome,
            length,
            bytes,
            held,
            pos: Number(pos),
            at,
            cancelRequested: cancel === 1,
          }
      }
    },

    async stream({ taskId, attempt, seen }, ordinal, deltas) {
      const keys = taskKeys(taskId)
      const reply = await runScript(
        redis,
        scripts.stream,
        [keys.head, keys.deltas, keys.shard.wake, keys.log],
        [
          now(),
          taskId,
          attempt,
          ordinal,
          seenArg(seen),
          limits.deltas,
          ...deltas.flatMap((delta) => [delta.partId, delta.kind, delta.text]),
        ],
      )
      return asBeat(reply)
    },

    async beat({ taskId, attempt }, lockMs) {
      const keys = taskKeys(taskId)
      const reply = await runScript(
        redis,
        scripts.beat,
        [keys.head, keys.shard.leases],
        [now(), attempt, lockMs],
      )
      return asBeat(reply)
    },

    async release({ taskId, attempt }, report) {
      const { head, shard } = taskKeys(taskId)
      const reply = await runScript(
        redis,
        scripts.release,
        [head, shard.outbox, shard.leases],
        [now(), attempt, report ?? ''],
      )
      return { released: reply === 1 }
    },

    async cancel(turn, asked) {
      const outcome = await cancelTurn(transfers, turn, { ...asked, now: now() })
      if (outcome !== 'not_found') await kinOf.settle(turn.taskId)
      return outcome
    },

    async forget(taskId) {
      for (;;) {
        const outcome = await forgetTask(redis, taskId, { now: now(), whenDue: false })
        if (outcome !== 'moved') return outcome
      }
    },

    hide: (turn) => hideTurn(redis, turn, now()),

    async turnOf(taskId, requestId) {
      const taken = await guarded(() => redis.hget(taskKeys(taskId).head, `r:${requestId}`))
      return taken === null ? undefined : asTakenTurn(taken)
    },
  }
}

/** What claim.lua says of a turn that it has given. */
type ClaimedReply = [
  epoch: number,
  cancel: number,
  texts: string[],
  workspace: string,
  deaths: number,
  length: number,
  bytes: number,
  deadline: string,
  unread: number,
  alone: number,
  held: number,
]

function asBeat(reply: unknown): { alive: boolean; cancelRequested: boolean } {
  const [alive, cancel] = reply as [number, number]
  return { alive: alive === 1, cancelRequested: cancel === 1 }
}

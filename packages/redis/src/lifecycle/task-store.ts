import {
  bucketsOf,
  limits,
  type ModelRates,
  shardOf,
  type TaskStore,
  type Tickets,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { type Bulk, createTransfers } from '../connection/transfers.ts'
import { whatIsLeft } from '../log/blobs.ts'
import { listTasks } from '../log/list-tasks.ts'
import { createDeltaReader } from '../log/read-deltas.ts'
import { cursorAfter, readEntries } from '../log/read-entries.ts'
import { readFacts } from '../log/read-facts.ts'
import { readTurn, readTurns } from '../log/read-turns.ts'
import { createViewReader } from '../log/task-view.ts'
import { createModelBuckets } from '../rates/model-buckets.ts'
import { createModelClasses } from '../rates/model-classes.ts'
import { refundReserved } from '../rates/refund-reserved.ts'
import { appendFacts } from './append-facts.ts'
import { cancelTurn } from './cancel-turn.ts'
import { claimNextTurn, claimTurn } from './claim-turn.ts'
import { closeClass } from './close-class.ts'
import { moveStart } from './move-start.ts'
import { readWaiting } from '../queue/read-waiting.ts'
import { createParentChildLinks } from './parent-child-links.ts'
import { purgeTask } from './purge-task.ts'
import { recordDecision } from './record-decision.ts'
import { recordDeltas } from './record-deltas.ts'
import { postponeTurn, releaseTurn } from './release-turn.ts'
import { renewLease } from './renew-lease.ts'
import { softDeleteTurn } from './soft-delete-turn.ts'
import type { StoreContext } from './store-context.ts'
import { submitTurn } from './submit-turn.ts'

type Options = {
  shards?: number
  tickets?: Tickets
  /** The id under which this process sends heartbeats. */
  worker?: string
  /** The connection for large values. */
  bulk?: Bulk
  /** The operator's rates of models. */
  operatorRates?: ModelRates
  /** The limit of caller metadata of a workspace, in bytes. */
  noteBytes?: number
  /** How much later a turn starts for each step of its priority. */
  ageingMs?: number
  /** Whether new tasks can be found by the words of their first message. */
  search?: boolean
  /** Replaces Redis's time in tests. */
  clock?: () => number
}

/** The log, the heads and the leases, in Redis. */
export function createTaskStore(redis: Redis, options: Options = {}): TaskStore {
  const {
    shards = 1,
    noteBytes = limits.workspace.noteBytes,
    ageingMs = limits.priorityAgeing,
    bulk,
    worker,
    clock,
    tickets,
    operatorRates = {},
    search = true,
  } = options
  const transfers = createTransfers(redis, bulk)
  const readers = { transfers, readDeltas: createDeltaReader(redis) }
  const clockTime = (): number | '' => clock?.() ?? ''
  const links = createParentChildLinks(transfers, { clockTime, tickets })
  const context: StoreContext = {
    redis,
    transfers,
    links,
    tickets,
    wantingShards: new Set(),
    clockTime,
    worker,
    maxMetadataBytes: noteBytes,
    ageingMs,
    search,
    modelClasses: createModelClasses(redis, operatorRates),
    buckets: createModelBuckets(redis, { ...(clock && { clock }) }),
  }

  return {
    facts: (taskId, from, to) => readFacts(transfers, taskId, { from, to }),
    readableFacts: (taskId, from, to) =>
      readFacts(transfers, taskId, { from, to, lost: whatIsLeft, whole: true }),
    view: createViewReader(transfers),
    list: (query, page) => listTasks(transfers, query, { ...page, shards }),
    waiting: (turns, waitingOptions) =>
      readWaiting(redis, turns, { ...waitingOptions, clockTime: clockTime() }),
    read: (taskId, cursor, deltasTo) => readEntries(readers, taskId, { cursor, deltasTo }),
    cursorAfter: (taskId, pos) => cursorAfter(transfers, taskId, pos),
    turns: (taskId) => readTurns(redis, taskId),
    turnOf: (taskId, requestId) => readTurn(redis, taskId, requestId),

    submit: (submission) => submitTurn(context, submission),
    async modelQuota({ taskId, workspace, model }) {
      const { modelClasses, buckets: store } = context
      const buckets = bucketsOf(model, modelClasses.known(workspace, shardOf(taskId)))
      return buckets.length === 0 ? {} : await store.quota({ workspace, buckets })
    },
    claimNext: (claim) => claimNextTurn(context, claim),
    claim: (turn, attempt, lockMs, { alone: isAlone = false, capacity } = {}) =>
      claimTurn(context, { turn, attempt, lockMs, isAlone, capacity }),
    append: ({ end, park, ...append }) =>
      end !== undefined || park !== undefined
        ? recordDecision(context, { ...append, end, park })
        : appendFacts(context, append),
    stream: (writer, ordinal, pieces) => recordDeltas(context, writer, { ordinal, pieces }),
    beat: (attempt, lockMs) => renewLease(context, attempt, lockMs),
    release: (attempt, report, afterMs) => releaseTurn(context, attempt, { report, afterMs }),
    moveStart: (turn, start) => moveStart(context, turn, start),
    closeClass: (attempt, modelClass, wait) => closeClass(context, attempt, { modelClass, wait }),
    postpone: (turn, afterMs) => postponeTurn(context, turn, afterMs),

    async cancel(turn, { reason, graceMs }) {
      const outcome = await cancelTurn(transfers, turn, {
        reason,
        graceMs,
        clockTime: clockTime(),
        tickets,
        // Nobody waits for it: without it, the call costs what it has reserved.
        waited: (ended) => void refundReserved({ ...turn, ...ended }, context).catch(() => {}),
      })
      if (outcome !== 'not_found') await links.settle(turn.taskId)
      return outcome
    },

    async purge(taskId) {
      for (;;) {
        const outcome = await purgeTask(redis, taskId, {
          clockTime: clockTime(),
          onlyWhenDue: false,
        })
        if (outcome !== 'moved') return outcome
      }
    },

    softDelete: (turn) => softDeleteTurn(redis, turn, clockTime()),
  }
}

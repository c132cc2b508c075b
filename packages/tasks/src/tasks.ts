import type {
  Admit,
  Delta,
  Fact,
  ModelQuota,
  PageRequest,
  PlanStore,
  StartTime,
  Status,
  SubmitQuota,
  TurnRef,
  Wake,
} from '@longhaul/core'
import { cancel } from './end/cancel.ts'
import { deleteResponse } from './end/delete-response.ts'
import { deleteTask } from './end/delete-task.ts'
import { issueWatchToken, type WatchTokenPorts } from './keys/watch-tokens.ts'
import { ofAccepted } from './lib/of-accepted.ts'
import { findTask, type TaskName } from './find/find-task.ts'
import { firstFactOfTurn } from './read/first-fact-of-turn.ts'
import { getTask } from './read/get-task.ts'
import { getTurn } from './read/get-turn.ts'
import { listTasks, type TaskFilter } from './read/list-tasks.ts'
import { readLog } from './read/read-log.ts'
import { readTime } from './read/read-time.ts'
import { readWaiting, type WaitingPorts } from './read/read-waiting.ts'
import { visibleFacts } from './find/visible-facts.ts'
import type { Agents } from './registry/agents.ts'
import { callsOfTurn } from './reviews/calls-of-turn.ts'
import { listReviews, type ReviewCursor } from './reviews/list-reviews.ts'
import { type ReviewDecision, decideCall, type ReviewPorts } from './reviews/review-call.ts'
import { moveStart } from './submit/move-start.ts'
import type { SubmitPorts } from './submit/pipeline.ts'
import { redriveTask } from './submit/redrive-task.ts'
import { submit } from './submit/submit.ts'
import type { AcceptedTurn, ItemRequest, TurnRequest } from './submit/turn-request.ts'
import { createEndWatch, type EndWatch } from './watch/end-watch.ts'
import { sharedRead } from './watch/shared-read.ts'
import { cursorAt } from './watch/start-cursor.ts'
import { waitForEnd } from './watch/wait-for-end.ts'
import { waitForFacts } from './watch/wait-for-facts.ts'
import { watch } from './watch/watch.ts'
import { watchTask } from './watch/watch-task.ts'
import { deliveriesOfTask, type TaskDeliveryPorts } from './webhooks/deliveries-of-task.ts'

export type Tasks = ReturnType<typeof createTasks>

type Ports = SubmitPorts &
  WatchTokenPorts &
  ReviewPorts &
  TaskDeliveryPorts &
  WaitingPorts & { wake: Wake; agents: Agents; plans: PlanStore; search: boolean }
type Wait = { waitMs: number; signal: AbortSignal }
/** Receives how many bytes are loaded at most for a task of this status, and may throw. */
type AdmitTask = (bytes: number, status: Status) => void

/** The verbs on tasks, over their ports. Each has its own file, which documents it. */
export function createTasks(ports: Ports) {
  const { store, wake } = ports
  const read = sharedRead(store)
  return {
    /**
     * `noteQuota` receives what the workspace may still submit, whether the turn is accepted or refused. `ending` begins
     * before the turn is stored.
     */
    submit: (
      request: TurnRequest | ItemRequest,
      admit: Admit,
      noteQuota: (quota: SubmitQuota) => void,
      ending?: EndWatch,
    ) =>
      submit(request, {
        ...ports,
        reserve: admit,
        noteQuota,
        beforeStored: (taskId) => ending?.begin(taskId),
      }),

    /** A watch for the end of a turn that is about to be submitted. The caller stops it. */
    endWatch: () => createEndWatch(wake),

    /** What the rates of the model of an accepted turn leave. It only informs the caller, so no failure counts. */
    modelQuota: (workspace: string, { taskId, model }: AcceptedTurn): Promise<ModelQuota> =>
      store.modelQuota({ taskId, workspace, model }).catch(() => ({})),

    // Reads.
    get: (name: TaskName, waiting: Wait) => getTask(name, waiting, ports),
    turn: (name: TaskName, options: Wait & { admit?: AdmitTask }) => getTurn(name, options, ports),
    started: (name: TaskName, admit: AdmitTask) => firstFactOfTurn(name, admit, ports),
    list: (workspace: string, agent: string | undefined, filter: TaskFilter, page: PageRequest) =>
      listTasks({ workspace, agent, filter, page }, ports),
    facts: (taskId: string) => visibleFacts(taskId, store),
    waiting: (turn: { taskId: string; turn?: number }) => readWaiting(turn, ports),
    /** What the time of a task was spent for. */
    time: async (name: TaskName) => readTime(await findTask(name, ports), ports),
    /** What endpoints were notified of. */
    deliveries: async (name: TaskName, page: { after?: string | undefined; limit: number }) =>
      deliveriesOfTask(await findTask(name, ports), page, ports),
    log: async (name: TaskName, page: Wait & { after: number; limit: number }) =>
      readLog(await findTask(name, ports), { ...page, store, wake }),

    // Reads of an accepted turn: when the store does not answer, the error names the turn.
    wait: (
      turn: TurnRef,
      options: { ms?: number; signal: AbortSignal; watch?: EndWatch | undefined },
    ) => waitForEnd(turn, { store, wake, ...options }),
    waitForFacts: (turn: AcceptedTurn, signal: AbortSignal) =>
      waitForFacts(turn, { store, signal }),
    factsOfAccepted: (turn: TurnRef) => ofAccepted(turn, () => visibleFacts(turn.taskId, store)),
    waitingCalls: (turn: TurnRef) => callsOfTurn(turn, store),

    // Live entries.
    watch: (name: TaskName, options: Parameters<typeof watch>[1]) =>
      watch(name, options, { ...ports, read }),
    /** All entries of a turn that was just accepted. */
    watchTurn: (turn: AcceptedTurn, signal: AbortSignal): AsyncIterable<(Fact | Delta)[]> => {
      const options = { read, wake, after: cursorAt(turn), turn: turn.turn, follow: false, signal }
      return watchTask(turn.taskId, options)
    },
    issueWatchToken: async (name: TaskName, seconds: number) => {
      const { workspace, agentId, taskId } = await findTask(name, ports)
      return await issueWatchToken({ workspace, agentId, taskId }, { ...ports, seconds })
    },

    review: (name: TaskName, callId: string, decision: ReviewDecision, admit: Admit) =>
      decideCall({ name, callId, decision }, { ...ports, admit }),
    reviews: (
      workspace: string,
      page: { limit: number; after: ReviewCursor | undefined },
      admit: Admit,
    ) => listReviews(workspace, page, { ...ports, admit }),

    /** Starts a turn that waits for its start, or moves that. */
    moveStart: (name: TaskName, start: StartTime) => moveStart(name, start, ports),

    redrive: (name: TaskName) => redriveTask(name, ports),

    // Ends.
    cancel: (name: TaskName, waiting: Wait) => cancel(name, waiting, ports),
    purge: (name: TaskName) => deleteTask(name, ports),
    softDelete: (name: TaskName) => deleteResponse(name, ports),
  }
}

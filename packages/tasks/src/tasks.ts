import {
  type Admit,
  type Delta,
  type Fact,
  hasEnded,
  limits,
  LonghaulError,
  type Page,
  type PageRequest,
  parseResponseId,
  type Result,
  type Status,
  type TaskQuery,
  type TaskView,
  type TurnRef,
  type Wake,
  type Watchable,
} from '@longhaul/core'
import type { Agents } from './registry/agents.ts'
import { bytesOfFirst } from './submit/accepted.ts'
import { cancelTurn } from './end/cancel-turn.ts'
import { hasResponse, taskNamed, unknownTask } from './read/find-task.ts'
import { forgetTask } from './end/purge-task.ts'
import { hideTurn } from './end/soft-delete-turn.ts'
import { withoutHidden } from './read/hidden-turns.ts'
import { listReviews, type ReviewPlace } from './reviews/list-reviews.ts'
import { type LogPage, readLog } from './read/read-log.ts'
import { recordedBy } from './watch/wait-for-facts.ts'
import {
  type Decision,
  reviewCall,
  type ReviewPorts,
  type TaskReview,
  waitingCalls,
} from './reviews/review-call.ts'
import { ofAccepted, orRepeat } from './lib/when-unavailable.ts'
import { sharedRead } from './watch/shared-read.ts'
import { submit } from './submit/submit.ts'
import type { SubmitPorts } from './submit/pipeline.ts'
import { turnFacts } from './read/turn-facts.ts'
import type { AcceptedTurn, TurnRequest } from './submit/turn-request.ts'
import { waitForEnd } from './watch/wait-for-end.ts'
import { issueWatchToken, type WatchToken, type WatchTokenPorts } from './keys/watch-tokens.ts'
import { watchTask } from './watch/watch-task.ts'
import { cursorAt, whereToBegin } from './watch/start-cursor.ts'

export type Tasks = ReturnType<typeof createTasks>

type Ports = SubmitPorts & WatchTokenPorts & ReviewPorts & { wake: Wake; agents: Agents }

/** The verbs on tasks, over their ports. */
export function createTasks(ports: Ports) {
  const { store, wake, agents } = ports
  const read = sharedRead(store)

  /**
   * The task that an id names, or one of its responses. A task outlives its agent: once that is deleted, the task
   * is found under any key.
   */
  async function find({ workspace, agent, id }: Named): Promise<TaskView> {
    const named = agent === undefined ? undefined : await agents.identify(workspace, agent)
    const view = await taskNamed(id, { workspace, store })
    if (view !== undefined) {
      if (agent === undefined || view.agentId === named) return view
      if (await agents.wasDeleted(workspace, view.agentId)) return view
    }
    throw agent === undefined || named !== undefined ? unknownTask(id) : unknownAgent(agent)
  }

  /** A task that can be shown by its latest turn: one whose response was deleted cannot. */
  async function findShown(named: Named): Promise<TaskView> {
    const view = await find(named)
    if (!hasResponse(view, view.turn)) throw unknownTask(named.id)
    return view
  }

  async function isOf(only: Watchable, { workspace, agent = '', id }: Named): Promise<boolean> {
    if ((parseResponseId(id)?.taskId ?? id) !== only.taskId) return false
    if ((await agents.identify(workspace, agent)) === only.agentId) return true
    return await agents.wasDeleted(workspace, only.agentId)
  }

  async function shownFacts(taskId: string): Promise<Fact[]> {
    const facts = await store.told(taskId)
    // Read last: it has what was deleted meanwhile.
    const view = await store.view(taskId)
    return withoutHidden(facts, view?.hidden)
  }

  return {
    /** `admit` is told how many bytes of other turns are loaded for this one, at most, and may throw. */
    submit: (request: TurnRequest, admit: Admit): Promise<AcceptedTurn> =>
      submit(request, { ...ports, reserve: admit }),

    /**
     * A task of an agent, when its turn has ended or after `waitMs` milliseconds. Rejects with not_found, for
     * a foreign task exactly as for an unknown one.
     */
    async get(
      named: Named,
      { waitMs, signal }: { waitMs: number; signal: AbortSignal },
    ): Promise<TaskView> {
      const view = await findShown(named)
      if (waitMs === 0 || hasEnded(view.status)) return view
      await waitForEnd(view, { store, wake, ms: waitMs, signal })
      return await findShown(named)
    },

    /**
     * The turn that an id names, a task's latest or a response's own, by what it has recorded: all of it when it has
     * ended, or after `waitMs` milliseconds. `admit` is told how many bytes are loaded at most, and may throw.
     * Rejects with not_found.
     */
    async turn(
      named: Named,
      {
        waitMs,
        signal,
        admit,
      }: { waitMs: number; signal: AbortSignal; admit?: (bytes: number, status: Status) => void },
    ): Promise<TurnRef & { facts: Fact[] }> {
      const view = await find(named)
      const { taskId } = view
      const turn = parseResponseId(named.id)?.turn ?? view.turn
      if (!hasResponse(view, turn)) throw unknownTask(named.id)
      if (waitMs > 0) await waitForEnd({ taskId, turn }, { store, wake, ms: waitMs, signal })
      admit?.(view.bytes, view.status)
      const facts = await turnFacts(view, turn, store)
      // It has been deleted since.
      if (facts.length === 0) throw unknownTask(named.id)
      return { taskId, turn, facts }
    },

    /** The first fact of the turn that an id names, as `turn` has it; rejects with not_found. `admit` is as there. */
    async started(
      named: Named,
      admit: (bytes: number, status: Status) => void,
    ): Promise<Extract<Fact, { type: 'turn.started' }>> {
      const view = await find(named)
      const turn = parseResponseId(named.id)?.turn ?? view.turn
      if (!hasResponse(view, turn)) throw unknownTask(named.id)
      const { taskId, started } = view
      const latest = turn === view.turn ? started : undefined
      const place = latest ?? (await store.turns(taskId)).find((each) => each.turn === turn)
      admit(bytesOfFirst(view), view.status)
      const [fact] = place === undefined ? [] : await store.told(taskId, place.fact, place.fact)
      if (fact?.type !== 'turn.started') throw unknownTask(named.id)
      return fact
    },

    /** The tasks of an agent, which may be a deleted one, or of all; rejects with not_found. */
    async list(
      workspace: string,
      agent: string | undefined,
      filter: Pick<TaskQuery, 'labels' | 'byNotes' | 'fits' | 'began'>,
      page: PageRequest,
    ): Promise<Page<TaskView> & { last?: string }> {
      const only = agent === undefined ? undefined : await agents.find(workspace, agent)
      if (agent !== undefined && only === undefined) throw unknownAgent(agent)
      return await store.list(
        {
          workspace,
          agentId: only?.id,
          agentDeleted: only?.deleted,
          ...filter,
          fits: (view) => hasResponse(view, view.turn) && filter.fits(view),
        },
        { limit: limits.listPage, ...page },
      )
    },

    /** What a task has recorded, without the turns of deleted responses. */
    facts: shownFacts,

    /** The same for the caller that has just submitted a turn of it. */
    factsOfAccepted: (turn: TurnRef): Promise<Fact[]> =>
      ofAccepted(turn, () => shownFacts(turn.taskId)),

    /** A page of the log of a task; rejects with not_found. */
    async log(
      named: Named,
      page: { after: number; limit: number; waitMs: number; signal: AbortSignal },
    ): Promise<LogPage> {
      return await readLog(await find(named), { ...page, store, wake })
    },

    /** Cancels the turn that an id names, a task's latest or a response's own; rejects with not_found. */
    async cancel(
      named: Named,
      options: { waitMs: number; signal: AbortSignal },
    ): Promise<{ view: TaskView; ended: boolean }> {
      const outcome = await orRepeat(
        'Cancel it again: a turn that was cancelled stays so.',
        async () => {
          const { taskId, turn } = await find(named)
          const meant = { taskId, turn: parseResponseId(named.id)?.turn ?? turn }
          return await cancelTurn(meant, { store, wake, ...options })
        },
      )
      if (outcome === undefined || !hasResponse(outcome.view, outcome.view.turn)) {
        throw unknownTask(named.id)
      }
      return outcome
    },

    /** A token that opens the events of a task for so many seconds; rejects with not_found. */
    async issueWatchToken(named: Named, seconds: number): Promise<WatchToken> {
      const { workspace, agentId, taskId } = await find(named)
      return await issueWatchToken({ workspace, agentId, taskId }, { ...ports, seconds })
    },

    /** Decides of a call that waits for somebody; rejects with not_found, and with conflict when it waits no more. */
    async review(named: Named, callId: string, decision: Decision, admit: Admit) {
      return await orRepeat('Send the same decision again: it counts once.', async () =>
        reviewCall(await findShown(named), callId, decision, { ...ports, admit }),
      )
    },

    /** The calls of a workspace that wait for somebody. */
    reviews: (
      workspace: string,
      page: { limit: number; after: ReviewPlace | undefined },
      admit: Admit,
    ) => listReviews(workspace, page, { ...ports, admit }),

    /** What an accepted turn waits for, if it is somebody. */
    async waitingCalls({
      taskId,
      turn,
    }: TurnRef): Promise<{ facts: Fact[]; waiting: TaskReview[] }> {
      return await ofAccepted({ taskId, turn }, async () => {
        const view = await store.view(taskId)
        if (view?.turn !== turn || hasEnded(view.status)) return { facts: [], waiting: [] }
        const facts = await store.told(taskId)
        return { facts: withoutHidden(facts, view.hidden), waiting: waitingCalls(view, facts) }
      })
    },

    /** Deletes a task, whatever it is doing; rejects with not_found. */
    async forget(named: Named): Promise<void> {
      await orRepeat(deleteAgain, async () => {
        const { taskId } = await find(named)
        if (!(await forgetTask(taskId, store))) throw unknownTask(named.id)
      })
    },

    /**
     * Has a response be as if it had never been, whatever its turn is doing; the last one of a task takes the
     * task with it. Rejects with not_found.
     */
    async hide(named: Named): Promise<void> {
      const response = parseResponseId(named.id)
      if (response === undefined) throw unknownTask(named.id)
      await orRepeat(deleteAgain, async () => {
        await find(named)
        if (!(await hideTurn(response, store))) throw unknownTask(named.id)
      })
    },

    wait: (
      turn: TurnRef,
      options: { ms: number; signal: AbortSignal },
    ): Promise<Result | undefined> => waitForEnd(turn, { store, wake, ...options }),

    /** What a turn that was accepted has recorded; undefined when the signal was aborted before it could be read. */
    recordedBy: (turn: AcceptedTurn, signal: AbortSignal): Promise<Fact[] | undefined> =>
      recordedBy(turn, { store, signal }),

    /** The entries of a turn that was just accepted, from its first on. */
    watchTurn: (turn: AcceptedTurn, signal: AbortSignal): AsyncIterable<(Fact | Delta)[]> =>
      watchTask(turn.taskId, {
        read,
        wake,
        after: cursorAt(turn),
        turn: turn.turn,
        follow: false,
        signal,
      }),

    /**
     * The entries of a task after the number `after`, to the end of the turn that has the next one; without
     * a number, of the latest turn, or of that of a response. Undefined where no entry comes: the task has
     * nothing after the number, and no turn runs. With `follow` it goes on over the turns to come; with
     * `only` any other task is as one that never was. `admit` is as that of `turn`. Rejects with not_found.
     */
    async watch(
      named: Named,
      options: {
        after: number | undefined
        follow: boolean
        only: Watchable | undefined
        signal: AbortSignal
        admit?: (bytes: number) => void
      },
    ): Promise<{ taskId: string; entries: AsyncIterable<(Fact | Delta)[]> } | undefined> {
      const { after, follow, only, signal, admit } = options
      if (only !== undefined && !(await isOf(only, named))) throw unknownTask(named.id)
      const view = await find(named)
      admit?.(view.bytes)
      const { taskId } = view
      const begin = await whereToBegin(view, { id: named.id, after, follow, store })
      if (begin === undefined) return undefined
      return {
        taskId,
        entries: watchTask(taskId, {
          read,
          wake,
          after: begin,
          turn: begin.turn,
          follow,
          signal,
        }),
      }
    },
  }
}

/** A task, or one of its responses, as a caller names it; of any agent, where none is named. */
type Named = { workspace: string; agent?: string; id: string }

const deleteAgain = 'Delete it again: not found means that it is gone.'

function unknownAgent(ref: string): LonghaulError {
  return new LonghaulError('not_found', `Agent ${ref} not found`)
}

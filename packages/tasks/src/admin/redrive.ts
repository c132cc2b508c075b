import {
  type Agent,
  type Fact,
  taskFull,
  hasEnded,
  isUlid,
  limits,
  LonghaulError,
  noAgent,
  parseResponseId,
  type PlanStore,
  type Registry,
  type SubmitLimits,
  submitRefused,
  type TaskStore,
  type TaskView,
  type TurnRef,
  userMessageIdOf,
} from '@longhaul/core'
import { unknownTask } from '../find/find-task.ts'
import { planLifetime } from '../plan/plan-lifetime.ts'

export type RedrivePorts = {
  store: TaskStore
  agents: Pick<Registry<Agent>, 'idOf'>
  plans: Pick<PlanStore, 'keep'>
  /** The time limit of a whole turn, and the retention of an ended task, milliseconds. */
  turnDeadlineMs: number
  retentionMs: number
  newId: () => string
  /** Random lower-case hex digits. */
  newHex: (digits: number) => string
  /** The limits that may refuse the turn, for a caller that has some. */
  redriveLimits?: SubmitLimits
  random?: () => number
}

/**
 * Continues a failed turn in a new turn, from the point where it stopped. The id names a task (its latest turn) or a
 * response. Idempotent. Rejects with not_found, conflict (the turn has not failed, or a later turn exists), task_full
 * or unavailable.
 */
export async function redrive(id: string, ports: RedrivePorts): Promise<TurnRef> {
  const response = parseResponseId(id)
  const taskId = response?.taskId ?? id
  const view = isUlid(taskId) ? await ports.store.view(taskId) : undefined
  if (view === undefined) throw unknownTask(id)
  const failed = response?.turn ?? (view.status === 'failed' ? view.turn : view.turn - 1)
  if (failed > view.turn || response?.turn === 0) throw unknownTask(id)

  const taken = await ports.store.turnOf(taskId, requestOf(failed))
  if (taken !== undefined) return { taskId, turn: taken.turn }
  if (failed !== view.turn || view.status !== 'failed') throw cannotGoOn(id, view)
  return await goOn(view, ports)
}

async function goOn(view: TaskView, ports: RedrivePorts): Promise<TurnRef> {
  const { taskId, workspace, agentId, turn, keepForMs } = view
  const { store, agents, plans, newId, newHex } = ports
  if (agentId !== noAgent && (await agents.idOf(workspace, agentId)) === undefined) {
    throw new LonghaulError(
      'conflict',
      `The agent of task ${taskId} was deleted, so the task cannot go on`,
    )
  }
  const before = await firstFact(view, store)
  if (before?.type !== 'turn.started') throw unknownTask(taskId)
  const retentionMs = keepForMs === limits.unstored ? keepForMs : ports.retentionMs
  if (!(await plans.keep(workspace, before.plan, planLifetime(ports)))) {
    const why = `The plan of task ${taskId} is gone: send a new message to its agent instead`
    throw new LonghaulError('conflict', why)
  }
  const reply = await store.submit({
    taskId,
    workspace,
    agentId,
    requestId: requestOf(turn),
    after: turn,
    started: {
      plan: before.plan,
      model: before.model,
      redrive: { turn, userMessageId: userMessageIdOf(before) },
      assistantMessageId: newId(),
      traceId: newHex(32),
      spanId: newHex(16),
      ...(before.engine && { engine: before.engine }),
      ...(before.notes && { notes: before.notes }),
      ...(before.asked && { asked: before.asked }),
      ...(before.webhook !== undefined && { webhook: before.webhook }),
    },
    isInherited: true,
    limits: ports.redriveLimits,
    deadlineMs: ports.turnDeadlineMs,
    retentionMs,
  })
  switch (reply.action) {
    case 'accepted':
    case 'replay':
      return { taskId, turn: reply.turn }
    case 'limited':
      throw submitRefused(reply, ports.random ?? (() => 0))
    case 'full':
      throw taskFull(reply.what)
    case 'not_found':
      throw unknownTask(taskId)
    case 'conflict':
      throw new LonghaulError('conflict', `Task ${taskId} has got another turn meanwhile`)
  }
}

/** Rejects with conflict where a value of the fact is lost, which is permanent. */
async function firstFact(
  { taskId, started: { fact } }: TaskView,
  store: TaskStore,
): Promise<Fact | undefined> {
  try {
    const [first] = await store.facts(taskId, fact, fact)
    return first
  } catch (error) {
    if (!(error instanceof Error) || error instanceof LonghaulError) throw error
    const why = `The log of task ${taskId} cannot be read (${error.message}): begin a new task instead`
    throw new LonghaulError('conflict', why, { cause: error })
  }
}

/** The request id of a turn's redrive. It is always the same, so a turn is redriven only once. */
function requestOf(turn: number): string {
  return `redrive.${turn}`
}

function cannotGoOn(id: string, { taskId, status, turn }: TaskView): LonghaulError {
  if (!hasEnded(status)) {
    return new LonghaulError(
      'conflict',
      `Task ${taskId} has a turn in progress: only a failed turn can go on`,
    )
  }
  const what = `The latest turn of task ${taskId}, number ${turn},`
  if (status !== 'failed') {
    return new LonghaulError('conflict', `${what} was ${status}: only a failed turn can go on`)
  }
  return new LonghaulError('conflict', `${what} has come since ${id}: only the latest can go on`)
}

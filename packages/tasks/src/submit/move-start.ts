import {
  hasEnded,
  LonghaulError,
  parseResponseId,
  type PlanStore,
  startDelay,
  type StartTime,
  type TaskView,
} from '@longhaul/core'
import { findTask, type FindPorts, type TaskName, unknownTask } from '../find/find-task.ts'
import { orRepeat } from '../lib/when-unavailable.ts'
import { planLifetime } from '../plan/plan-lifetime.ts'
import { refuseFarStart } from './check-start.ts'

type Ports = FindPorts & {
  plans: Pick<PlanStore, 'keep'>
  turnDeadlineMs: number
  retentionMs: number
  now: () => number
}

/**
 * Moves the start of a turn that waits for it. A turn that has begun or ended cannot be moved, but to start it now is no
 * error: the reply to an earlier request may have been lost. Rejects with not_found, invalid, or conflict.
 */
export async function moveStart(name: TaskName, start: StartTime, ports: Ports): Promise<void> {
  refuseFarStart(start, ports.now())
  const { id } = name
  const isNow = start.startInMs === 0
  await orRepeat('Send it again: it has the same effect.', async () => {
    const view = await findTask(name, ports)
    const turn = parseResponseId(id)?.turn ?? view.turn
    if (turn === view.turn && !hasEnded(view.status)) await keepPlan(view, start, ports)
    const outcome = await ports.store.moveStart({ taskId: view.taskId, turn }, start)
    switch (outcome) {
      case 'moved':
        return
      case 'begun':
        if (isNow) return
        throw conflict(`The turn of ${id} does not wait for a start time, so it cannot be moved.`)
      case 'ended':
        if (isNow) return
        throw conflict(`The turn of ${id} has ended: send a new message instead.`)
      case 'not_found':
        throw unknownTask(id)
    }
  })
}

/** The plan must be there for as long as the turn, which now ends later. */
async function keepPlan(view: TaskView, start: StartTime, ports: Ports): Promise<void> {
  const delayMs = startDelay(start, ports.now())
  if (delayMs === 0) return
  const { taskId, workspace, started } = view
  const [first] = await ports.store.facts(taskId, started.fact, started.fact)
  if (first?.type !== 'turn.started') throw unknownTask(taskId)
  await ports.plans.keep(workspace, first.plan, planLifetime(ports) + delayMs)
}

function conflict(message: string): LonghaulError {
  return new LonghaulError('conflict', message)
}

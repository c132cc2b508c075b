import {
  type Fact,
  invalid,
  limits,
  LonghaulError,
  type Page,
  type PageRequest,
  parseResponseId,
  type Result,
  type TaskQuery,
  type TaskView,
  type TurnRef,
  type Upkeep,
  type Wake,
} from '@longhaul/core'
import { cancelTurn } from './cancel.ts'
import { cancelTasksOfAgent } from './cancel-tasks-of-agent.ts'
import { findTask } from './find-task.ts'
import { forgetTask } from './forget.ts'
import { submit, type SubmitPorts } from './submit.ts'
import type { AcceptedTurn, TurnRequest } from './turn-request.ts'
import { waitForEnd } from './wait.ts'
import { watchTurn } from './watch.ts'

export type Tasks = ReturnType<typeof createTasks>

type Ports = SubmitPorts & { wake: Wake; upkeep: Upkeep }

/** The verbs on tasks, over their ports. */
export function createTasks(ports: Ports) {
  const { store, wake, agents } = ports

  async function identified(workspace: string, agent: string): Promise<string> {
    const agentId = await agents.identify(workspace, agent)
    if (agentId === undefined) throw new LonghaulError('not_found', `Agent ${agent} not found`)
    return agentId
  }

  return {
    submit: (request: TurnRequest): Promise<AcceptedTurn> => submit(request, ports),

    /** A task of an agent; rejects with not_found, for a foreign task exactly as for an unknown one. */
    async get(workspace: string, agent: string, id: string): Promise<TaskView> {
      const agentId = await identified(workspace, agent)
      return await findTask(id, { workspace, agentId, store })
    },

    /** The tasks of an agent; rejects with not_found. */
    async list(
      workspace: string,
      agent: string,
      filter: Pick<TaskQuery, 'labels' | 'fits'>,
      page: PageRequest,
    ): Promise<Page<TaskView> & { last?: string }> {
      const agentId = await identified(workspace, agent)
      return await store.list(
        { workspace, agentId, ...filter },
        { limit: limits.listPage, ...page },
      )
    },

    facts: (taskId: string): Promise<Fact[]> => store.told(taskId),

    /** Cancels the turn that an id names, a task's latest or a response's own; rejects with not_found. */
    async cancel(
      named: { workspace: string; agent: string; id: string },
      options: { waitMs: number; signal: AbortSignal },
    ): Promise<{ view: TaskView; ended: boolean }> {
      const { workspace, agent, id } = named
      const agentId = await identified(workspace, agent)
      const { taskId, turn } = await findTask(id, { workspace, agentId, store })
      const meant = { taskId, turn: parseResponseId(id)?.turn ?? turn }
      const outcome = await cancelTurn(meant, { store, wake, ...options })
      if (outcome === undefined) throw new LonghaulError('not_found', `Task ${id} not found`)
      return outcome
    },

    /** Deletes a task, whatever it is doing; rejects with not_found. */
    async forget(workspace: string, agent: string, id: string): Promise<void> {
      if (parseResponseId(id) !== undefined) {
        throw invalid('task_id', 'must be the id of a task: a response is deleted with its task')
      }
      const agentId = await identified(workspace, agent)
      const { taskId } = await findTask(id, { workspace, agentId, store })
      if (!(await forgetTask(taskId, store))) {
        throw new LonghaulError('not_found', `Task ${id} not found`)
      }
    },

    wait: (
      turn: TurnRef,
      options: { ms: number; signal: AbortSignal },
    ): Promise<Result | undefined> => waitForEnd(turn, { store, wake, ...options }),

    /** The entries of a turn that was just accepted, from its first on. */
    watch: (turn: AcceptedTurn, signal: AbortSignal) =>
      watchTurn(turn, { store, wake, after: { pos: turn.pos - 1, fact: turn.fact }, signal }),
  }
}

/** Marks an agent as deleted in every shard and cancels its tasks, but for what a reconciler must finish. */
export async function agentDeleted(
  agentId: string,
  ports: Pick<Ports, 'store' | 'upkeep' | 'shards'>,
): Promise<void> {
  for (let shard = 0; shard < ports.shards; shard += 1) {
    await ports.upkeep.agentDeleted(shard, agentId)
    await cancelTasksOfAgent(agentId, { ...ports, shard })
  }
}

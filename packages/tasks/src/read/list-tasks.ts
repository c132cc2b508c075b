import {
  invalid,
  limits,
  type Page,
  type PageRequest,
  type TaskQuery,
  type TaskStore,
  type TaskView,
} from '@longhaul/core'
import type { Agents } from '../registry/agents.ts'
import { type WaitingPorts, withWaiting } from './read-waiting.ts'
import { hasResponse, unknownAgent } from '../find/find-task.ts'

/** What lists select tasks by. `byWords` and `byFailure` state that `fits` uses the words and the failure of a task. */
export type TaskFilter = Omit<TaskQuery, 'workspace' | 'agentId' | 'agentDeleted'>

type ExpectedStep = {
  workspace: string
  /** May be a deleted agent; without it, the tasks of all agents. */
  agent: string | undefined
  filter: TaskFilter
  page: PageRequest
}

type ListPorts = WaitingPorts & {
  store: TaskStore
  agents: Pick<Agents, 'find'>
  /** Whether the words of first messages are stored. */
  search: boolean
}

/** The tasks of one agent, or of all, and why their turns wait. Rejects with not_found. */
export async function listTasks(
  { workspace, agent, filter, page }: ExpectedStep,
  { store, agents, lockMs, search }: ListPorts,
): Promise<Page<TaskView> & { last?: string }> {
  if (filter.byWords === true && !search) {
    throw invalid('search', 'is off: the operator has set LONGHAUL_SEARCH to 0')
  }
  const only = agent === undefined ? undefined : await agents.find(workspace, agent)
  if (agent !== undefined && only === undefined) throw unknownAgent(agent)
  const found = await store.list(
    {
      workspace,
      agentId: only?.id,
      agentDeleted: only?.deleted,
      ...filter,
      fits: (view) => hasResponse(view, view.turn) && filter.fits(view),
    },
    { limit: limits.listPage, ...page },
  )
  return { ...found, items: await withWaiting(found.items, { store, lockMs }) }
}

import {
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

type ExpectedStep = {
  workspace: string
  /** May be a deleted agent; without it, the tasks of all agents. */
  agent: string | undefined
  filter: Pick<TaskQuery, 'labels' | 'byMetadata' | 'fits' | 'began'>
  page: PageRequest
}

/** The tasks of one agent, or of all, and why their turns wait. Rejects with not_found. */
export async function listTasks(
  { workspace, agent, filter, page }: ExpectedStep,
  { store, agents, lockMs }: WaitingPorts & { store: TaskStore; agents: Pick<Agents, 'find'> },
): Promise<Page<TaskView> & { last?: string }> {
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

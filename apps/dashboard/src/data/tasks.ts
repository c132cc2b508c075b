import type { Task, TasksQuery } from '@longhaul/client'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { client } from './api.ts'

export type TaskTime = {
  task_id: string
  live: boolean
  from?: string
  ms: number
  totals: { for: string; ms: number }[]
  parts?: TimePart[]
}
export type TimePart = {
  for: string
  from: string
  ms: number
  turn: number
  step?: number
  tool_call_id?: string
  name?: string
  task_id?: string
}

/** The key of the agent in paths: `-` stands for a model that answered without an agent. */
export function agentOf({ agent_key: agent }: Pick<Task, 'agent_key'>): string {
  return agent ?? '-'
}

export function pathOfTask(agent: string, id: string): string {
  return `/tasks/${encodeURIComponent(agent)}/${encodeURIComponent(id)}`
}

const pageSize = 50
/** A longer list is not read again by itself. */
const livePages = 3

/** The tasks that match, the newest first. While it is live, the first pages are read again every few seconds. */
export function useTaskPages(filter: TasksQuery, { isLive }: { isLive: boolean }) {
  return useInfiniteQuery({
    queryKey: ['tasks', filter],
    queryFn: ({ pageParam, signal }) =>
      client.tasks.list(
        { ...filter, limit: pageSize, ...(pageParam && { starting_after: pageParam }) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ has_more: more, last_id: last }) => (more ? last : undefined),
    refetchInterval: ({ state }) =>
      isLive && (state.data?.pages.length ?? 0) <= livePages ? 3_000 : false,
    placeholderData: (previous) => previous,
  })
}

/** Where the time of a task went. That of an ended task does not change until its next turn. */
export function useTaskTime(
  task: { agent: string; id: string; version: string },
  { live, enabled = true, parts = false }: { live: boolean; enabled?: boolean; parts?: boolean },
) {
  const { agent, id, version } = task
  return useQuery({
    queryKey: ['time', id, version, parts],
    queryFn: ({ signal }) => readTime(agent, id, { parts, signal }),
    enabled,
    staleTime: live ? 1_000 : Infinity,
    refetchInterval: live ? (parts ? 2_000 : 5_000) : false,
    placeholderData: (previous) => previous,
  })
}

async function readTime(
  agent: string,
  id: string,
  { parts, signal }: { parts: boolean; signal: AbortSignal },
): Promise<TaskTime> {
  return await client.request('get', '/v2/agents/{agent_key}/responses/{task_id}/time', {
    path: { agent_key: agent, task_id: id },
    query: { parts: parts ? 'true' : 'false' },
    signal,
  })
}

import type { WorkspaceUsage } from '@longhaul/client'
import { useQuery } from '@tanstack/react-query'
import { client } from '../../data/api.ts'

/** The windows of the overview, in minutes, and the length of a bar in each. */
export const windows = [
  { minutes: 15, label: '15 min', grain: 'minute' },
  { minutes: 60, label: '1 h', grain: 'minute' },
  { minutes: 1_440, label: '24 h', grain: 'hour' },
  { minutes: 10_080, label: '7 d', grain: 'hour' },
] as const
export type Window = (typeof windows)[number]

export const barMs = { minute: 60_000, hour: 3_600_000 } as const

export function windowOf(minutes: string | null): Window {
  return windows.find((each) => String(each.minutes) === minutes) ?? windows[1]
}

type Query = { group_by?: 'agent' | 'model' }

/** What the workspace has used in a window that ends now. Groups are counted by the hour. */
export function useUsage({ minutes, grain }: Window, group: Query = {}) {
  const isGrouped = group.group_by !== undefined
  return useQuery({
    queryKey: ['usage', minutes, group.group_by ?? ''],
    queryFn: ({ signal }) =>
      client.usage.get(
        { grain: isGrouped ? 'hour' : grain, from: startOf(minutes), ...group },
        { signal },
      ),
    refetchInterval: 5_000,
    placeholderData: (previous) => previous,
  })
}

/** The beginning of a window that ends now. */
export function startOf(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString()
}

export type Total = Partial<WorkspaceUsage['totals'][number]>

import {
  addUsageCounts,
  bucketStart,
  bucketStarts,
  type Grain,
  invalid,
  noAgent,
  noUsage,
  type UsageCounts,
  type UsageGroup,
  type UsageStore,
  usualRange,
} from '@longhaul/core'
import type { Agents } from '../registry/agents.ts'

export type UsagePorts = { usage: UsageStore; agents: Pick<Agents, 'keysOf'>; now: () => number }

export type UsageRequest = {
  grain: Grain
  by?: UsageGroup | undefined
  from?: number | undefined
  to?: number | undefined
}

/** What a workspace has used. `key` is the agent's key, the model or the identity; null for turns without one. */
export type UsageEntry = { key?: string | null; started?: number; counts: UsageCounts }
export type UsageView = {
  from: number
  to: number
  rows: (UsageEntry & { start: number })[]
  /** All rows together, or those of each key. */
  totals: UsageEntry[]
}

export type UsageVerbs = ReturnType<typeof createUsage>

/** The verbs on the usage of a workspace. */
export function createUsage({ usage, agents, now }: UsagePorts) {
  return {
    /** Reads what a workspace has used in a time range. Buckets without a turn are left out. */
    async read(workspace: string, request: UsageRequest): Promise<UsageView> {
      const { grain, by } = request
      if (by !== undefined && grain === 'minute') {
        throw invalid('grain', 'must be hour or day together with group_by')
      }
      const { to = now() } = request
      const { from = to - usualRange[grain] } = request
      if (from > to) throw invalid('from', 'must not be later than `to`')
      const range = { workspace, grain, from, to }
      const [found, started] = await Promise.all([
        usage.read({ ...range, by }),
        by === undefined ? usage.started(range) : undefined,
      ])
      const names = by === 'agent' ? await agentNames(workspace, found) : undefined
      const rows = found.map(({ start, value, counts }) => ({
        start,
        counts,
        ...(value !== undefined && { key: keyOf(value, names) }),
        ...(started && { started: started.get(start) ?? 0 }),
      }))
      const others = [...(started ?? [])].filter(([at]) => !found.some(({ start }) => start === at))
      const all = [
        ...rows,
        ...others.map(([start, count]) => ({ start, counts: noUsage(), started: count })),
      ]
      const [first = bucketStart(grain, from)] = bucketStarts(range, now())
      return {
        from: first,
        to,
        rows: all.toSorted((a, b) => a.start - b.start),
        totals: totalsOf(all),
      }
    },
  }

  async function agentNames(
    workspace: string,
    rows: { value?: string }[],
  ): Promise<Map<string, string>> {
    const ids = rows.flatMap(({ value = '' }) => (value === '' || value === noAgent ? [] : [value]))
    return await agents.keysOf(workspace, new Set(ids))
  }
}

function keyOf(value: string, agentNames?: Map<string, string>): string | null {
  if (value === '' || value === noAgent) return null
  return agentNames?.get(value) ?? value
}

function totalsOf(rows: UsageEntry[]): UsageEntry[] {
  const totals = new Map<UsageEntry['key'], UsageEntry>()
  for (const { key, started, counts } of rows) {
    const total = totals.get(key) ?? { ...(key !== undefined && { key }), counts: noUsage() }
    addUsageCounts(total.counts, counts)
    if (started !== undefined) total.started = (total.started ?? 0) + started
    totals.set(key, total)
  }
  return [...totals.values()].toSorted((a, b) => b.counts.requests - a.counts.requests)
}

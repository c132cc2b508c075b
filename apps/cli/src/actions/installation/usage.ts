import type { UsageQuery, WorkspaceUsage } from '@longhaul/client'
import type { Context } from '../../context.ts'
import { drawTable } from '../../output/draw-table.ts'
import { formatDuration } from '../../output/durations.ts'
import type { Given } from '../../spec.ts'
import { durationOf } from '../shared/read-options.ts'

/** Shows what the workspace has used, the latest time last, and the sum. */
export async function showUsage(
  given: Given,
  { client, out, interrupted }: Context,
): Promise<void> {
  const since = durationOf(given, 'since')
  const query = {
    grain: given.text('grain') as UsageQuery['grain'],
    group_by: given.text('by') as UsageQuery['group_by'],
    from: since === undefined ? undefined : new Date(Date.now() - since).toISOString(),
  }
  const { usage } = await client()
  const found = await usage.get(query as UsageQuery, { signal: interrupted })
  if (out.json) return void out.document(found)
  if (found.data.length === 0) return void out.note('No turn has ended in this time.')
  const by = query.group_by
  const rows = [
    ...found.data.map((row) => [timeOf(row.start), ...cellsOf(row, by)]),
    ...found.totals.map((total) => ['total', ...cellsOf(total, by)]),
  ]
  const header = ['TIME (UTC)', ...(by ? [by.toUpperCase()] : ['STARTED']), ...names]
  for (const line of drawTable(header, rows, out.width)) out.line(line)
}

const names = ['TURNS', 'FAILED', 'IN', 'OUT', 'CACHED', 'WAIT P95', 'DURATION P95']

type Row = WorkspaceUsage['totals'][number]

function cellsOf(row: Row, by: UsageQuery['group_by']): string[] {
  return [
    by === undefined ? String(row.started ?? 0) : (row.key ?? '-'),
    String(row.requests),
    String(row.errors),
    String(row.input_tokens),
    String(row.output_tokens),
    String(row.cached_tokens),
    row.queue_wait_ms === undefined ? '' : formatDuration(row.queue_wait_ms.p95),
    row.duration_ms === undefined ? '' : formatDuration(row.duration_ms.p95),
  ]
}

function timeOf(start: string): string {
  return start.slice(0, 16).replace('T', ' ')
}

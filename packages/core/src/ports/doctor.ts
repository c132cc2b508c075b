/** The kinds of differences between a task, the sets of its shard and its tickets. */
export type FindingKind =
  | 'job_missing'
  | 'lease_expired'
  | 'misplaced'
  | 'deadline_wrong'
  | 'counter_wrong'
  | 'index_wrong'
  | 'set_wrong'

export type Finding = {
  kind: FindingKind
  taskId: string
  detail: string
  /** The repair, or the result of the repair if one was requested. */
  remedy: string
}

/** The parts of a shard, in the order of the scan. */
export const scanParts = [
  'queued',
  'leases',
  'deadlines',
  'forget',
  'failed',
  'workspaces',
  'tickets',
  'tasks',
  'agents',
  'due-schedules',
  'schedules',
] as const
export type ScanPart = (typeof scanParts)[number]

/**
 * Where a scan of all entries continues, in a part of a shard. `at` is one number, or two numbers separated by a colon.
 */
export type ScanCursor = { shard: number; part: ScanPart; at: string }

export type ScanOptions = {
  repair: boolean
  /** The approximate number of entries to examine. */
  limit: number
  /** The new deadline of a turn that has lost its deadline, in milliseconds from now. */
  turnDeadlineMs: number
}

export type ScanResult = { findings: Finding[]; looked: number; next?: ScanCursor }

import type { Finding, FindingKind } from '@longhaul/core'

/** The faults by the names that the scripts use: the kind of the finding, the fault, and its remedy. */
const faults = {
  'job-missing': [
    'job_missing',
    'a queued turn has no job that a worker could take',
    'its job is added again',
  ],
  'job-orphaned': [
    'job_orphaned',
    'a job waits, but its turn has ended, was purged, or has another job',
    'the job is removed',
  ],
  'lease-expired': [
    'lease_expired',
    'the lease of a running turn has expired, and no worker has taken the turn',
    'the turn is queued for another worker',
  ],
  'outbox-missing': ['misplaced', 'a queued turn is not in the outbox', 'it is added, with a job'],
  'outbox-extra': ['misplaced', 'a turn that is not queued is in the outbox', 'it is removed'],
  'outbox-stray': [
    'misplaced',
    'an entry of the outbox belongs to no live turn',
    'the entry is removed',
  ],
  'lease-missing': [
    'misplaced',
    'a running turn has no lease',
    'the turn is queued for another worker',
  ],
  'lease-extra': ['misplaced', 'a turn that is not running has a lease', 'the lease is removed'],
  'lease-stray': ['misplaced', 'a lease belongs to no live turn', 'the lease is removed'],
  'deadline-missing': ['deadline_wrong', 'a live turn has no deadline', 'it gets a new one'],
  'deadline-stray': [
    'deadline_wrong',
    'a deadline belongs to no live turn',
    'the deadline is removed',
  ],
  pos: ['counter_wrong', 'the count of facts and deltas is wrong', 'it is corrected'],
  bytes: ['counter_wrong', 'the count of recorded bytes is wrong', 'it is corrected'],
  'index-missing': ['index_wrong', 'an index lacks the task', 'it is added'],
  'index-stray': ['index_wrong', 'an index lists a task that does not exist', 'it is removed'],
  'forget-missing': ['set_wrong', 'an ended task has no purge time', 'it gets one'],
  'forget-stray': [
    'set_wrong',
    'a task that is live, or does not exist, has a purge time',
    'the purge time is removed',
  ],
  'failed-missing': [
    'set_wrong',
    'a failed task is not in the list of failed tasks',
    'it is added',
  ],
  'failed-stray': [
    'set_wrong',
    'a task that has not failed is in the list of failed tasks',
    'it is removed',
  ],
} as const satisfies Record<string, readonly [FindingKind, string, string]>

export type Fault = keyof typeof faults

export const taskFaults = Object.keys(faults) as Fault[]

export function findingOf(fault: Fault, taskId: string): Finding {
  const [kind, detail, remedy] = faults[fault]
  return { kind, taskId, detail, remedy }
}

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
    'a job waits whose turn has ended, was forgotten, or goes on under another job',
    'the job is taken away',
  ],
  'lease-expired': [
    'lease_expired',
    'the lease of a running turn has run out, and nobody has taken the turn',
    'the turn is queued for another worker',
  ],
  'outbox-missing': [
    'misplaced',
    'a queued turn is not in the outbox',
    'it is put there, with a job',
  ],
  'outbox-extra': [
    'misplaced',
    'a turn that is not queued is in the outbox',
    'it is taken out of there',
  ],
  'outbox-stray': [
    'misplaced',
    'the outbox has an entry that belongs to no live turn',
    'the entry is taken out',
  ],
  'lease-missing': [
    'misplaced',
    'a running turn has no lease',
    'the turn is queued for another worker',
  ],
  'lease-extra': ['misplaced', 'a turn that is not running has a lease', 'the lease is taken away'],
  'lease-stray': ['misplaced', 'a lease belongs to no live turn', 'the lease is taken away'],
  'deadline-missing': ['deadline_wrong', 'a live turn has no deadline', 'it gets a new one'],
  'deadline-stray': [
    'deadline_wrong',
    'a deadline belongs to no live turn',
    'the deadline is taken away',
  ],
  pos: ['counter_wrong', 'the count of the facts and pieces is not theirs', 'it is set right'],
  bytes: ['counter_wrong', 'the count of the recorded bytes is not theirs', 'it is set right'],
  'index-missing': ['index_wrong', 'a list lacks the task', 'it is put there'],
  'index-stray': ['index_wrong', 'a list has a task that is gone', 'it is taken out of there'],
  'forget-missing': ['set_wrong', 'an ended task is never forgotten', 'it gets its time for that'],
  'forget-stray': [
    'set_wrong',
    'a task that is live, or gone, has a time to be forgotten',
    'the time is taken away',
  ],
  'failed-missing': [
    'set_wrong',
    'a failed task is not among those that failed',
    'it is put there',
  ],
  'failed-stray': [
    'set_wrong',
    'a task that has not failed is among those that failed',
    'it is taken out of there',
  ],
} as const satisfies Record<string, readonly [FindingKind, string, string]>

export type Fault = keyof typeof faults

export const taskFaults = Object.keys(faults) as Fault[]

export function findingOf(fault: Fault, taskId: string): Finding {
  const [kind, detail, remedy] = faults[fault]
  return { kind, taskId, detail, remedy }
}

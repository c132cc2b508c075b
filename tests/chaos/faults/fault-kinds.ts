import type { RedisForm } from '../store/redis-form.ts'

/** Faults after which a worker's turns need another worker: it is killed, stops running, or is cut off from Redis. */
export const deaths = [
  'worker killed',
  'worker frozen',
  'worker blocked',
  'worker cut off',
  'worker connections refused',
  'worker lines dead',
] as const

/** Faults of a few seconds at most. They happen one after the other. */
export const troubles = [
  'workers restarted',
  'worker clock wrong',
  'worker replies lost',
  'API killed',
  'API restarted',
  'API cut off',
  'API connections refused',
  'API lines dead',
  'API replies lost',
  'Redis killed',
  'Redis frozen',
  'Redis primary killed',
  'Redis primary frozen',
  'Redis slot moved',
  'Redis full',
  'Redis disk full',
  'Redis read-only',
  'scripts flushed',
  'Redis connections reset',
  'Redis slow',
  'model connections reset',
  'model lines dead',
  'model replies lost',
  'model slow',
  'tool connections reset',
  'tool lines dead',
  'tool replies lost',
  'receiver connections refused',
  'receiver lines dead',
  'receiver replies lost',
  'client connections reset',
  'client lines dead',
  'client replies lost',
] as const

/** Outages of the vendor of all models, of up to a minute. They happen one after the other. */
export const outages = [
  'model answers 429',
  'model answers 503',
  'model connections refused',
  'model streams broken',
] as const

/** Changes of limits and pauses of workspaces, and tickets of the queue that are lost or too many. They happen one after the other. */
export const schedulerChanges = [
  'limits changed',
  'workspace paused',
  'tickets lost',
  'tickets doubled',
] as const

/** The kinds that a form of Redis does not support. */
export const impossible: Record<RedisForm, readonly (typeof troubles)[number][]> = {
  server: ['Redis primary killed', 'Redis primary frozen', 'Redis slot moved'],
  sentinel: ['Redis slot moved'],
  cluster: [],
}

/** The kinds that the schedule performs. */
export type ScheduledKind =
  | (typeof deaths)[number]
  | (typeof troubles)[number]
  | (typeof outages)[number]
  | (typeof schedulerChanges)[number]

/** A poisonous task kills each worker that runs it. */
export const poisoning = 'worker killed by a task'

/** Workers with a small heap run tasks with much data beside other tasks. */
export const memoryPressure = 'memory pressure'

/** The kinds that a run can include or leave out. */
export const plannedKinds = [
  ...deaths,
  poisoning,
  ...troubles,
  ...outages,
  ...schedulerChanges,
  memoryPressure,
] as const
export type PlannedKind = (typeof plannedKinds)[number]

/** A process ended by itself, which is a violation. It also explains what follows from it. */
export const loss = 'process lost'

/** A process did not run because the machine was overloaded. */
export const standstill = 'machine busy'

export type FaultKind = PlannedKind | typeof loss | typeof standstill

export const faultKinds: readonly FaultKind[] = [...plannedKinds, loss, standstill]

export function isOutage(kind: FaultKind): boolean {
  return outages.some((outage) => outage === kind)
}

/** The shortest and the longest duration of each kind, in milliseconds. Others take no time, or as long as planned. */
export const lasting: Partial<Record<ScheduledKind, readonly [number, number]>> = {
  'worker frozen': [4_000, 8_000],
  'worker blocked': [4_000, 6_000],
  'worker cut off': [4_000, 7_000],
  'worker connections refused': [4_000, 7_000],
  // After this time a client abandons a connection without an answer.
  'worker lines dead': [8_000, 8_000],
  'worker clock wrong': [3_000, 6_000],
  'worker replies lost': [200, 1_000],
  'API killed': [0, 500],
  'API cut off': [2_000, 5_000],
  'API connections refused': [2_000, 5_000],
  'API lines dead': [4_000, 4_000],
  'API replies lost': [200, 2_000],
  'Redis killed': [100, 1_200],
  'Redis frozen': [1_000, 3_000],
  // So long the replica receives nothing before.
  'Redis primary killed': [0, 500],
  'Redis primary frozen': [0, 200],
  'Redis full': [1_500, 5_000],
  'Redis disk full': [1_500, 3_000],
  'Redis read-only': [800, 2_000],
  'Redis slow': [2_000, 4_000],
  'model replies lost': [200, 1_000],
  'model slow': [2_000, 4_000],
  'tool replies lost': [200, 1_000],
  'receiver connections refused': [1_000, 4_000],
  'receiver replies lost': [200, 1_000],
  'client replies lost': [200, 1_000],
  'workspace paused': [1_000, 4_000],
  'tickets lost': [300, 1_500],
}

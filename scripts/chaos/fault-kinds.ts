/** A worker's turns must find another one: it is killed, stands still, or is cut off from Redis. */
export const deaths = [
  'worker killed',
  'worker frozen',
  'worker blocked',
  'worker cut off',
  'worker lines dead',
] as const

/** Everything else that the schedule does; all of these come one after the other. */
export const troubles = [
  'workers restarted',
  'worker clock wrong',
  'worker replies lost',
  'API killed',
  'API restarted',
  'API cut off',
  'API lines dead',
  'API replies lost',
  'Redis killed',
  'Redis frozen',
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
  'client connections reset',
  'client lines dead',
  'client replies lost',
] as const

/** What the schedule does. */
export type ScheduledKind = (typeof deaths)[number] | (typeof troubles)[number]

/** A poisonous task kills whichever worker runs it, again and again. */
export const poisoning = 'worker killed by a task'

/** Something was not let run, since the machine had too much else to do. */
export const standstill = 'machine busy'

export type FaultKind = ScheduledKind | typeof poisoning | typeof standstill

export const faultKinds: readonly FaultKind[] = [...deaths, poisoning, ...troubles, standstill]

/** How long each lasts, milliseconds from and to; what is not here lasts no time. */
export const lasting: Partial<Record<ScheduledKind, readonly [number, number]>> = {
  'worker frozen': [4_000, 8_000],
  'worker blocked': [4_000, 6_000],
  'worker cut off': [4_000, 7_000],
  // So long does it take until a line that was read from in vain is given up.
  'worker lines dead': [8_000, 8_000],
  'worker clock wrong': [3_000, 6_000],
  'worker replies lost': [200, 1_000],
  'API killed': [0, 500],
  'API cut off': [2_000, 5_000],
  'API lines dead': [4_000, 4_000],
  'API replies lost': [200, 2_000],
  'Redis killed': [100, 1_200],
  'Redis frozen': [1_000, 3_000],
  'Redis full': [800, 2_500],
  'Redis disk full': [1_500, 3_000],
  'Redis read-only': [800, 2_000],
  'Redis slow': [2_000, 4_000],
  'model replies lost': [200, 1_000],
  'model slow': [2_000, 4_000],
  'tool replies lost': [200, 1_000],
  'client replies lost': [200, 1_000],
}

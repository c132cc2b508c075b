/** A worker's turns must find another one: it is killed, stands still, or is cut off from Redis. */
export const deaths = [
  'worker killed',
  'worker frozen',
  'worker blocked',
  'worker cut off',
  'worker connections refused',
  'worker lines dead',
] as const

/** What goes wrong for some seconds at most; all of these come one after the other. */
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

/** The vendor of all models is out of order, for up to a minute; these come one after the other. */
export const outages = [
  'model answers 429',
  'model answers 503',
  'model connections refused',
  'model streams broken',
] as const

/** What the schedule does. */
export type ScheduledKind =
  | (typeof deaths)[number]
  | (typeof troubles)[number]
  | (typeof outages)[number]

/** A poisonous task kills whichever worker runs it, again and again. */
export const poisoning = 'worker killed by a task'

/** Some tasks hold much, and workers with a small heap run them beside others. */
export const memoryPressure = 'memory pressure'

/** What a run can be told to do or to leave out. */
export const plannedKinds = [...deaths, poisoning, ...troubles, ...outages, memoryPressure] as const
export type PlannedKind = (typeof plannedKinds)[number]

/** A process ended that nobody had ended. It should not, and what follows from that is told by it. */
export const loss = 'process lost'

/** Something was not let run, since the machine had too much else to do. */
export const standstill = 'machine busy'

export type FaultKind = PlannedKind | typeof loss | typeof standstill

export const faultKinds: readonly FaultKind[] = [...plannedKinds, loss, standstill]

export function isOutage(kind: FaultKind): boolean {
  return outages.some((outage) => outage === kind)
}

/** How long each lasts, milliseconds from and to; what is not here lasts no time, or as the plan says. */
export const lasting: Partial<Record<ScheduledKind, readonly [number, number]>> = {
  'worker frozen': [4_000, 8_000],
  'worker blocked': [4_000, 6_000],
  'worker cut off': [4_000, 7_000],
  'worker connections refused': [4_000, 7_000],
  // So long does it take until a line that was read from in vain is given up.
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
  'Redis full': [1_500, 5_000],
  'Redis disk full': [1_500, 3_000],
  'Redis read-only': [800, 2_000],
  'Redis slow': [2_000, 4_000],
  'model replies lost': [200, 1_000],
  'model slow': [2_000, 4_000],
  'tool replies lost': [200, 1_000],
  'client replies lost': [200, 1_000],
}

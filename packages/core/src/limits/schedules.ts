import { KB, SECOND, MINUTE, DAY } from './units.ts'

/** Schedules of agents. */
export const schedulesLimits = {
  /**
   * Schedules.
   *
   * - `perWorkspace`: schedules of a workspace. `definition`: one of them as JSON.
   * - `interval`: the shortest and the longest interval. `spread`, `window`: the longest ones.
   * - `waiting`: occurrences that wait for an earlier run. `records`: occurrences that are listed.
   * - `backfill`: runs of one backfill. `upcoming`: times of future runs in a reply.
   * - `onTime`: how late an occurrence may be served where missed ones do not fire.
   * - `listed`: due occurrences that one pass lists.
   * - `watched`: runs that are watched where runs may overlap.
   * - `look`: how soon a run is looked at again, as a part of its time, at least and at most.
   * - `every`: how often workers look for due schedules. `batch`, `atOnce`: how many they serve.
   * - `taken`: how long a schedule that is being served is left to that worker.
   * - `retry`: the shortest and the longest time until a refused submit is tried again.
   */
  schedules: {
    perWorkspace: 10_000,
    definition: 256 * KB,
    interval: { shortest: MINUTE, longest: 366 * DAY },
    spread: DAY,
    window: 31 * DAY,
    waiting: 1_000,
    records: 1_000,
    backfill: 100,
    upcoming: 5,
    onTime: MINUTE,
    listed: 1_000,
    watched: 20,
    look: { least: SECOND, most: 30 * SECOND, part: 0.1 },
    every: SECOND,
    batch: 100,
    atOnce: 10,
    taken: 30 * SECOND,
    retry: { least: SECOND, most: MINUTE },
  },
} as const

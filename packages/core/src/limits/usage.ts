import { DAY, HOUR, SECOND } from './units.ts'

/** What workspaces have used, in time buckets. */
export const usageLimits = {
  /**
   * Usage.
   *
   * - `kept`: how long the buckets of a grain are kept.
   * - `values`: agents, models or identities that one bucket counts apart. The others are counted together.
   * - `batch`, `every`: ended turns that are counted together, and how often.
   * - `readTogether`: buckets that are read together.
   */
  usage: {
    kept: { minute: 3 * HOUR, hour: 8 * DAY, day: 400 * DAY },
    values: 200,
    batch: 200,
    every: 2 * SECOND,
    readTogether: 100,
  },
} as const

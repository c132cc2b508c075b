import type { WorkspaceLimits } from '@longhaul/core'

/** As `lib/ring.lua` reads it; empty where a workspace without limits has none. */
let text = ''

/**
 * Sets the limits of workspaces that have no others, for this process. It is global, because as a parameter it would
 * pass through every function that runs a script of the scheduler.
 */
export function useDefaultLimits(limits: WorkspaceLimits): void {
  const { running, runningPerFairnessKey, weight, paused, spread } = limits
  const values = [running, runningPerFairnessKey, weight, paused, spread]
  const isEmpty = values.every((value) => value === undefined)
  text = isEmpty ? '' : values.map((value) => String(value ?? '-')).join(' ')
}

/** The argument of every script that contains `lib/ring.lua`. */
export function defaultLimitsText(): string {
  return text
}

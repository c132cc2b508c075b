import {
  type ModelRates,
  overlayRates,
  parseModelRates,
  type WorkspaceLimits,
} from '@longhaul/core'

/** As `lib/ring.lua` reads it; empty in an installation with one shard and no limits. */
let text = ''
let models: ModelRates = {}

/**
 * Sets the limits of workspaces that have no others, and the number of shards, for this process. They are global,
 * because as parameters they would pass through every function that runs a script of the scheduler.
 */
export function useDefaultLimits(limits: WorkspaceLimits, shards: number): void {
  const { running, runningPerFairnessKey, weight, paused, spread } = limits
  const values = [running, runningPerFairnessKey, weight, paused, spread]
  const isUsual = shards === 1 && values.every((value) => value === undefined)
  models = limits.models ?? {}
  text = isUsual ? '' : [shards, ...values].map((value) => String(value ?? '-')).join(' ')
}

/** The argument of every script that contains `lib/ring.lua`. */
export function defaultLimitsText(): string {
  return text
}

/** The rates of models of a workspace: those of the installation, overlaid by its own, which are stored as JSON. */
export function workspaceRates(stored?: string): ModelRates {
  const own = stored === undefined ? undefined : parseModelRates(stored)
  return overlayRates(models, own) ?? {}
}

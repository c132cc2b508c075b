import { defined } from '../lib/defined.ts'
import { limits as constants } from '../limits/limits.ts'

/** How often a model may be called, and how many tokens it may read and write. */
export type ModelRate = {
  requestsPerMinute?: number | undefined
  tokensPerMinute?: number | undefined
}

/** The limits of a workspace. What is absent has no limit. */
export type WorkspaceLimits = {
  /** How many turns may be submitted, and how many of them at once. */
  requestsPerSecond?: number | undefined
  burst?: number | undefined
  /** How many turns wait for a slot. */
  queued?: number | undefined
  /** How many turns run at once, and how many of one fairness key. */
  running?: number | undefined
  runningPerFairnessKey?: number | undefined
  /** The share of the workspace in relation to others. Usually 1. */
  weight?: number | undefined
  /** By a pattern of model ids, such as `openai/*`. */
  models?: Record<string, ModelRate> | undefined
  /** Open streams and waiting requests. */
  streams?: number | undefined
  /** The tasks that are kept, and their bytes. */
  tasks?: number | undefined
  bytes?: number | undefined
  /** Whether no turn of the workspace starts. */
  paused?: boolean | undefined
  /** The number of shards over which new tasks are spread. Usually 1. */
  spread?: number | undefined
  /** By fairness key (its text). */
  fairnessKeys?: Record<string, FairnessKeyLimits> | undefined
}

/** The limits of one fairness key, in place of those that hold for each key. */
export type FairnessKeyLimits = { running?: number | undefined; weight?: number | undefined }

/** The limits of every workspace that has no others. */
const usualLimits: WorkspaceLimits = constants.workspaceDefaults

/** The limits that hold for a workspace: the defaults of the installation, overlaid by what is set for the workspace. */
export function effectiveLimits(
  defaults: WorkspaceLimits,
  overrides: WorkspaceLimits,
): WorkspaceLimits {
  const models = overlaid(defaults.models, overrides.models)
  return {
    ...usualLimits,
    ...defined(defaults),
    ...defined(overrides),
    ...(models !== undefined && { models }),
  }
}

/** For each pattern, the rates of the defaults, overlaid by those of the overrides. */
function overlaid(
  defaults: Record<string, ModelRate> | undefined,
  overrides: Record<string, ModelRate> | undefined,
): Record<string, ModelRate> | undefined {
  if (defaults === undefined || overrides === undefined) return overrides ?? defaults
  const patterns = new Set([...Object.keys(defaults), ...Object.keys(overrides)])
  return Object.fromEntries(
    [...patterns].map((pattern) => [
      pattern,
      { ...defined(defaults[pattern] ?? {}), ...defined(overrides[pattern] ?? {}) },
    ]),
  )
}

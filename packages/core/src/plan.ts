import { z } from 'zod'
import { limits } from './limits.ts'

export const Engine = z.enum(['text', 'mustache', 'jinja'])
export type Engine = z.infer<typeof Engine>

/** A model by its `provider/model` id, with the vendor's parameters under their wire names. */
export const ModelChoice = z.object({
  id: z.string(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  retry: z
    .object({
      count: z.int().default(limits.model.retries),
      onCodes: z.array(z.int()).optional(),
    })
    .optional(),
})
export type ModelChoice = z.infer<typeof ModelChoice>

/** A tool as one turn sees it, at a fixed version. A `function` is run by the client, all others by a worker. */
export const PlanTool = z.object({
  kind: z.enum(['function', 'current_date']),
  id: z.string(),
  name: z.string(),
  displayName: z.string().optional(),
  description: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  configuration: z.record(z.string(), z.unknown()).optional(),
})
export type PlanTool = z.infer<typeof PlanTool>

/** An agent resolved for one turn: immutable, named by its hash. */
export const Plan = z.object({
  v: z.literal(1),
  agent: z.object({ id: z.string(), key: z.string(), version: z.string() }),
  /** The template of the system prompt; `variables` are its declared defaults. */
  system: z.string(),
  /** Further templates, each rendered by itself, which that one may name like variables. */
  systemParts: z.record(z.string(), z.string()).optional(),
  engine: Engine,
  variables: z.record(z.string(), z.unknown()),
  /** The chain: the model first asked, then its fallbacks in order. */
  models: z.array(ModelChoice).min(1),
  tools: z.array(PlanTool),
  maxIterations: z.int(),
  maxExecutionSeconds: z.number(),
})
export type Plan = z.infer<typeof Plan>

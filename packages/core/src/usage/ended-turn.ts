import { z } from 'zod'
import type { Fact, FactOf } from '../log/fact.ts'

/** What an ended turn has used: what its end records for the usage of its workspace. */
export const TurnUsage = z.object({
  /** When the turn was submitted, or was to start: epoch milliseconds. */
  from: z.number().exactOptional(),
  /** How long it has waited for its first worker, milliseconds. */
  waited: z.number().exactOptional(),
  /** The end user, as the request named it. */
  identity: z.string().exactOptional(),
  /** Its models with their input, output and cached tokens. The last one is that of its last answer. */
  models: z.array(z.tuple([z.string(), z.number(), z.number(), z.number()])),
})
export type TurnUsage = z.infer<typeof TurnUsage>

/** A turn that has ended, as its shard notes it until it is counted. `at` is the time of its end. */
export type EndedTurn = TurnUsage & {
  at: number
  workspace: string
  agentId: string
  status: string
}

/**
 * The usage of the latest turn of a log. What sub-agents have used is counted with their own turns. `firstModel` counts
 * the turn that no model has answered.
 */
export function turnUsage(log: readonly Fact[], firstModel: string): TurnUsage {
  const start = log.findLastIndex(({ type }) => type === 'turn.started')
  const started = log[start]
  if (started?.type !== 'turn.started') return { models: [[firstModel, 0, 0, 0]] }
  const facts = log.slice(start + 1)
  const attempt = facts.find(isAttempt)
  const from = Math.max(started.at, attempt?.startAt ?? 0)
  const identity = identityOf(started)
  return {
    from,
    ...(attempt && { waited: Math.max(0, attempt.at - from) }),
    ...(identity !== undefined && { identity }),
    models: modelsOf(facts, firstModel || started.model),
  }
}

function isAttempt(fact: Fact): fact is FactOf<'attempt.started'> {
  return fact.type === 'attempt.started'
}

function identityOf({ notes = {} }: FactOf<'turn.started'>): string | undefined {
  const { identity } = notes
  if (typeof identity !== 'object' || identity === null || !('id' in identity)) return undefined
  return typeof identity.id === 'string' ? identity.id : undefined
}

function modelsOf(facts: readonly Fact[], firstModel: string): TurnUsage['models'] {
  const used = new Map<string, TurnUsage['models'][number]>()
  for (const fact of facts) {
    if (fact.type !== 'step.finished') continue
    const { model, usage } = fact
    const [, input, output, cached] = used.get(model) ?? [model, 0, 0, 0]
    used.delete(model)
    used.set(model, [
      model,
      input + (usage?.inputTokens ?? 0),
      output + (usage?.outputTokens ?? 0),
      cached + (usage?.cachedTokens ?? 0),
    ])
  }
  return used.size === 0 ? [[firstModel, 0, 0, 0]] : [...used.values()]
}

/** The text in which a shard notes an ended turn, after the name of the turn: see `lib/finish.lua`. */
export function parseEndedTurn(text: string): EndedTurn | undefined {
  const [, at = '', workspace = '', agentId = '', status = '', json = ''] =
    /^\S+ (\d+) (\S+) (\S+) (\w+) (.*)$/s.exec(text) ?? []
  const usage = TurnUsage.safeParse(jsonIn(json))
  if (!usage.success) return undefined
  return { at: Number(at), workspace, agentId, status, ...usage.data }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

import type { Fact, FactOf, FactType } from './fact.ts'

/**
 * A projection of facts: one rule for each type. A type without a rule is a compile error, so a new fact is added to
 * every projection.
 */
export type PerFact<Context, Result> = {
  readonly [Type in FactType]: (fact: FactOf<Type>, context: Context) => Result
}

/** Applies the rule of a fact; undefined for a type that only a newer version knows. */
export function perFact<Context, Result>(
  rules: PerFact<Context, Result>,
  fact: Fact,
  context: Context,
): Result | undefined {
  return apply(rules, fact.type, fact, context)
}

function apply<Type extends FactType, Context, Result>(
  rules: PerFact<Context, Result>,
  type: Type,
  fact: FactOf<Type>,
  context: Context,
): Result | undefined {
  const rule: PerFact<Context, Result>[Type] | undefined = rules[type]
  return rule?.(fact, context)
}

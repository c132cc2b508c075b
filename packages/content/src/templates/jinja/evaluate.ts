import { broken } from '../output.ts'
import type { Budget } from './step-budget.ts'
import { runFilter } from './filters/filters.ts'
import { holds } from './is-tests.ts'
import { runMethod } from './methods.ts'
import { calculate } from './operators.ts'
import type { Scope } from './scope.ts'
import { slice } from './slice.ts'
import type { Argument, Call, Expression } from './parse/syntax.ts'
import { isTruthy, memberOf, Namespace, numberOf, integerOf } from './values.ts'

/** The value of an expression; undefined for a missing value. */
export function evaluate(expression: Expression, scope: Scope, budget: Budget): unknown {
  const value = (part: Expression) => evaluate(part, scope, budget)
  const optional = (part: Argument) => part && value(part)
  const isTrue = (part: Expression) => isTruthy(value(part), budget)

  budget.step()
  switch (expression.type) {
    case 'literal':
      return expression.value
    case 'name':
      return scope.get(expression.name)
    case 'list':
      return expression.items.map(value)
    case 'map':
      return Object.fromEntries(
        expression.entries.map(([key, item]) => [keyOf(value(key)), value(item)]),
      )
    case 'member':
      return memberOf(value(expression.object), value(expression.key))
    case 'slice':
      return slice(
        value(expression.object),
        {
          start: optional(expression.start),
          stop: optional(expression.stop),
          step: optional(expression.step),
        },
        budget,
      )
    case 'unary':
      if (expression.operator === 'not') return !isTrue(expression.operand)
      return numberOf(value(expression.operand)) * (expression.operator === '-' ? -1 : 1)
    case 'binary':
      return calculate(
        expression.operator,
        [value(expression.left), value(expression.right)],
        budget,
      )
    case 'and':
    case 'or': {
      const left = value(expression.left)
      return isTruthy(left, budget) === (expression.type === 'and') ? value(expression.right) : left
    }
    case 'choice':
      return isTrue(expression.test) ? value(expression.value) : optional(expression.otherwise)
    case 'filter':
      return runFilter(value(expression.operand), called(expression.filter), budget)
    case 'test': {
      const { operand, test, negated } = expression
      return holds(test, [value(operand)], budget) !== negated
    }
    case 'method':
      return runMethod(value(expression.object), called(expression.method), budget)
    case 'range':
      return range(expression.args.map(optional), budget)
    case 'namespace':
      return new Namespace(expression.values.map(([name, item]) => [name, value(item)]))
  }

  function called({ name, args }: Call) {
    return { name, args: args.map(optional) }
  }
}

function keyOf(key: unknown): string {
  if (typeof key === 'string') return key
  throw broken('makes a map with a key that is not a text')
}

function range(args: unknown[], budget: Budget): number[] {
  const [first, second, third = 1] = args
  const [start, stop] = second === undefined ? [0, first] : [first, second]
  const [from, to, by] = [integerOf(start), integerOf(stop), integerOf(third)]
  if (by === 0) throw broken('counts in steps of zero')
  const length = Math.max(0, Math.ceil((to - from) / by))
  budget.items(length)
  return Array.from({ length }, (_, i) => from + i * by)
}

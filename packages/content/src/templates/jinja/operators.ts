import { broken } from '../output.ts'
import type { Budget } from './step-budget.ts'
import { contains } from './contains.ts'
import { areEqual, compare, isMissing, kindOf, numberOf, textOf, integerOf } from './values.ts'

export function calculate(
  operator: string,
  [left, right]: readonly [left: unknown, right: unknown],
  budget: Budget,
): unknown {
  switch (operator) {
    case '==':
      return areEqual(left, right, budget)
    case '!=':
      return !areEqual(left, right, budget)
    case '<':
      return compare(left, right, budget) < 0
    case '<=':
      return compare(left, right, budget) <= 0
    case '>':
      return compare(left, right, budget) > 0
    case '>=':
      return compare(left, right, budget) >= 0
    case 'in':
      return contains(right, left, budget)
    case 'not in':
      return !contains(right, left, budget)
    case '~':
      return joined(textOf(left, budget), textOf(right, budget), budget)
    case '+':
      return add(left, right, budget)
    case '*':
      return multiply(left, right, budget)
    default:
      return numberOf(arithmetic(operator, numberOf(left), numberOf(right)))
  }
}

function add(left: unknown, right: unknown, budget: Budget): unknown {
  if (Array.isArray(left) && Array.isArray(right)) {
    budget.items(left.length + right.length)
    return [...(left as unknown[]), ...(right as unknown[])]
  }
  if (typeof left === 'string' || typeof right === 'string') {
    return joined(textOf(left, budget), textOf(right, budget), budget)
  }
  if (isMissing(left) || isMissing(right) || Array.isArray(left) || Array.isArray(right)) {
    throw broken(`adds ${kindOf(left)} and ${kindOf(right)}`)
  }
  return numberOf(numberOf(left) + numberOf(right))
}

function multiply(left: unknown, right: unknown, budget: Budget): unknown {
  if (typeof left !== 'string') return numberOf(numberOf(left) * numberOf(right))
  const count = Math.max(0, integerOf(right))
  budget.characters(left.length * count)
  return left.repeat(left === '' ? 0 : count)
}

function joined(left: string, right: string, budget: Budget): string {
  budget.characters(left.length + right.length)
  return left + right
}

function arithmetic(operator: string, left: number, right: number): number {
  switch (operator) {
    case '-':
      return left - right
    case '**':
      return left ** right
    case '/':
      return left / right
    case '//':
      return Math.floor(left / right)
    case '%':
      // The rest has the sign of the divisor.
      return ((left % right) + right) % right
    default:
      throw broken(`uses the operator ${operator}, which is unknown`)
  }
}

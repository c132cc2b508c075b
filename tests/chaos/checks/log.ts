import type { Check } from './check-function.ts'
import type { SeenFact } from '../evidence/evidence.ts'

/** Only the holder of the turn has written: attempts and steps are in order, and each call is recorded once. */
export const checkLog: Check = ({ final }) => {
  const facts = final?.facts ?? []
  return [
    ...(rising(facts.map(({ pos }) => pos)) ? [] : ['the numbers of its log do not rise']),
    ...outOfLine('attempt', numbersOf(facts, 'attempt.started', 'epoch')),
    ...outOfLine('step', numbersOf(facts, 'step.finished', 'step')),
    ...twice('began', facts, ['tool.called']),
    ...twice('was handed over', facts, ['child.started']),
    ...twice('ended', facts, ['tool.returned', 'tool.failed']),
  ]
}

function rising(numbers: number[]): boolean {
  return numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0))
}

function numbersOf(facts: SeenFact[], type: string, field: 'epoch' | 'step'): number[] {
  return facts.flatMap((fact) => (fact.type === type ? (fact[field] ?? 0) : []))
}

function outOfLine(what: string, numbers: number[]): string[] {
  const inLine = numbers.every((number, at) => number === at + 1)
  return inLine ? [] : [`its log has the ${what}s ${numbers.join(', ')}`]
}

function twice(how: string, facts: SeenFact[], types: string[]): string[] {
  const ids = facts.flatMap(({ type, callId }) => (types.includes(type) ? (callId ?? '') : []))
  return [...Map.groupBy(ids, (id) => id)].flatMap(([id, all]) =>
    all.length === 1 ? [] : [`call ${id} ${how} ${all.length} times`],
  )
}

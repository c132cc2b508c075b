import { limits } from '../limits/limits.ts'
import type { Message } from '../history/message.ts'
import type { Plan } from '../manifest/plan.ts'
import { tokensOfPlan } from '../history/tokens.ts'

/** The approximate number of characters of a model call. When the log holds few bytes, only the plan counts. */
export function requestSize(plan: Plan, history: readonly Message[], held: number): number {
  const small = held <= limits.liveBytes.smallWork
  return (
    4 * tokensOfPlan(plan) +
    (small ? 0 : history.reduce((sum, message) => sum + charactersOf(message), 0))
  )
}

function charactersOf(message: Message): number {
  switch (message.role) {
    case 'user':
      return total(message.parts, (part) => (part.kind === 'text' ? part.text : part.data).length)
    case 'assistant':
      return (
        total(message.parts, ({ text }) => text.length) +
        total(message.calls, (call) => JSON.stringify(call.arguments).length)
      )
    case 'tool':
      return total(
        message.results,
        ({ text, files = [] }) => text.length + total(files, ({ data }) => data.length),
      )
  }
}

function total<T>(items: readonly T[], length: (item: T) => number): number {
  return items.reduce((sum, item) => sum + length(item), 0)
}

import { responseId } from '@longhaul/core'
import type { Evidence, SeenFact } from '../evidence/evidence.ts'

/** An event that must arrive: that of a fact in the log of a task. */
export type ExpectedEvent = {
  task: number
  workspace: string
  taskId: string
  responseId: string
  pos: number
  /** One of them is its type. */
  types: string[]
}

type Ended = Pick<Evidence, 'tasks' | 'continuationPairs' | 'failovers'>

/**
 * The events of all turns: their start, each call that waited for an approval, and their end. A failover may lose those
 * that happened before it; `recover` sends the ends among them again, and no others.
 */
export function expectedEvents({ tasks, continuationPairs, failovers }: Ended): ExpectedEvent[] {
  const lastFailover = Math.max(-Infinity, ...failovers.map(({ to }) => to))
  const read = [
    ...tasks.map(({ script, client, final }) => {
      const { number, workspace = 'chaos' } = script
      return { task: number, workspace, taskId: client.ids.at(-1)?.taskId, final }
    }),
    ...continuationPairs.map(({ number, taskId, final }) => {
      return { task: number, workspace: 'chaos', taskId, final }
    }),
  ]
  return read.flatMap(({ task, workspace, taskId, final }) =>
    taskId === undefined || final?.status !== 200
      ? []
      : eventsIn(final.facts)
          .filter(({ fact: { type, at = 0 } }) => isEnd(type) || at > lastFailover)
          .map(({ turn, fact: { type, pos } }) => {
            const types = typesOf[type] ?? []
            return { task, workspace, taskId, responseId: responseId(taskId, turn), pos, types }
          }),
  )
}

const typesOf: Record<string, string[]> = {
  'attempt.started': ['response.started'],
  'review.requested': ['response.action_required'],
  'turn.completed': ['response.completed', 'response.incomplete', 'response.action_required'],
  'turn.failed': ['response.failed', 'response.cancelled'],
}

function isEnd(type: string): boolean {
  return type === 'turn.completed' || type === 'turn.failed'
}

/**
 * The facts that have an event, each with its turn. Only the first attempt of a turn has one, and of calls that wait
 * together only the last.
 */
function eventsIn(facts: SeenFact[]): { turn: number; fact: SeenFact }[] {
  const found: { turn: number; fact: SeenFact }[] = []
  let [turn, attempts] = [0, 0]
  for (const [place, fact] of facts.entries()) {
    if (fact.type === 'turn.started') [turn, attempts] = [fact.turn ?? turn + 1, 0]
    if (fact.type === 'attempt.started') attempts += 1
    const isRepeated = fact.type === 'attempt.started' && attempts > 1
    const isReview = fact.type === 'review.requested'
    const isJoined = isReview && facts[place + 1]?.type === fact.type
    if (fact.type in typesOf && !isRepeated && !isJoined) found.push({ turn, fact })
  }
  return found
}

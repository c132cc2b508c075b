import { digestOf, type Progress, type StoredTask } from '../store/read-tasks.ts'
import type { Loss, LostFacts, SeenFact } from './evidence.ts'

/** A loss, and what the replica had received. */
export type Failover = Loss & {
  /** The facts that the replica had received: of each task their number and their digest. */
  received: Map<string, { facts: number; digest: string }>
}

type Former = { tasks: Map<string, StoredTask>; requests: Set<string> }
type Received = { tasks: Map<string, Progress>; requests: Set<string> }

/** What a former primary had, and its replica had not received. */
export function lossOf(former: Former, received: Received): Omit<Failover, 'from' | 'to'> {
  const lost: LostFacts[] = []
  const kept: Failover['received'] = new Map()
  for (const [taskId, { pos, facts }] of former.tasks) {
    const known = received.tasks.get(taskId) ?? { pos: 0, facts: 0 }
    kept.set(taskId, { facts: known.facts, digest: digestOf(facts.slice(0, known.facts)) })
    if (pos <= known.pos && facts.length <= known.facts) continue
    lost.push({ taskId, facts: facts.slice(known.facts).map(read) })
  }
  const lostRequests = [...former.requests].filter((name) => !received.requests.has(name))
  return { lost, lostRequests, received: kept }
}

function read(text: string): LostFacts['facts'][number] {
  const { type, step, callId } = JSON.parse(text) as SeenFact
  return { type, ...(step !== undefined && { step }), ...(callId !== undefined && { callId }) }
}

/** Finds tasks that have lost facts that a replica had received before it took over. */
export function checkReceived(failovers: Failover[], finals: Map<string, StoredTask>): string[] {
  return failovers.flatMap(({ received }) =>
    [...received].flatMap(([taskId, { facts, digest }]) => {
      const now = finals.get(taskId)?.facts ?? []
      return digestOf(now.slice(0, facts)) === digest
        ? []
        : [`${taskId} has lost some of ${facts} facts that the replica had received`]
    }),
  )
}

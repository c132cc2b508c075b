import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiMember, House, Member } from '../cluster/chaos-cluster.ts'
import type { PlannedFault } from './plan-faults.ts'

/** Whom a fault hits: a worker, an API, or nobody in particular. */
export type Victim = { worker?: Member; api?: ApiMember; names: string[] }

/** One of those that are well; waits until there is one. */
export async function pickVictim(
  { kind, victim }: PlannedFault,
  house: House,
  signal: AbortSignal,
): Promise<Victim> {
  for (;;) {
    const found = look(kind, victim, house)
    if (found !== undefined) return found
    await sleep(20, undefined, { signal })
  }
}

function look(
  kind: PlannedFault['kind'],
  share: number,
  { workers, apis, redisAway }: House,
): Victim | undefined {
  if (kind.startsWith('Redis ') && redisAway) return undefined
  if (kind.startsWith('worker ')) {
    const worker = oneOf([...workers], share)
    return worker && { worker, names: [worker.name] }
  }
  if (kind.startsWith('API ')) {
    const api = oneOf(apis, share)
    return api && { api, names: [api.name] }
  }
  return { names: [] }
}

function oneOf<M extends Member>(members: M[], share: number): M | undefined {
  const well = members.filter(({ away }) => !away)
  return well[Math.floor(share * well.length)]
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiMember, House, Member } from './house.ts'
import type { FaultKind } from './plan-faults.ts'

/** Whom a fault hits: a worker, an API, or nobody in particular. */
export type Victim = { worker?: Member; api?: ApiMember; names: string[] }

/** One of those that are well, by a share from 0 to 1; waits until there is one. */
export async function pickVictim(kind: FaultKind, house: House, share: number): Promise<Victim> {
  for (;;) {
    const found = look(kind, house, share)
    if (found !== undefined) return found
    await sleep(20)
  }
}

function look(kind: FaultKind, { workers, apis }: House, share: number): Victim | undefined {
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

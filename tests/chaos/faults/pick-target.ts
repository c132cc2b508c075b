import { setTimeout as sleep } from 'node:timers/promises'
import type { ChaosApi, ChaosCluster, ChaosProcess } from '../cluster/chaos-cluster.ts'
import type { PlannedFault } from './planned-fault.ts'

/** The process that a fault hits: a worker, an API, or none in particular. */
export type Target = { worker?: ChaosProcess; api?: ChaosApi; names: string[] }

/** Picks a process that no fault is performed on. Waits until there is one. */
export async function pickTarget(
  { kind, victim }: PlannedFault,
  cluster: ChaosCluster,
  signal: AbortSignal,
): Promise<Target> {
  for (;;) {
    const found = look(kind, victim, cluster)
    if (found !== undefined) return found
    await sleep(20, undefined, { signal })
  }
}

function look(
  kind: PlannedFault['kind'],
  share: number,
  { workers, apis, redisAway }: ChaosCluster,
): Target | undefined {
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

function oneOf<M extends ChaosProcess>(members: M[], share: number): M | undefined {
  const well = members.filter(({ away }) => !away)
  return well[Math.floor(share * well.length)]
}

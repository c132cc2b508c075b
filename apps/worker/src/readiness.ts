import { codeOf, type LonghaulError } from '@longhaul/core'
import type { NotReady } from '@longhaul/process'
import type { Backend, Consumer } from '@longhaul/redis'
import type { NamespaceCheck } from './maintenance/check-namespace.ts'
import type { Chores } from './maintenance/run-chores.ts'
import type { Drain } from './turn/drain.ts'

/** The parts of a running worker. */
type Parts = {
  drain: Drain
  namespace: NamespaceCheck
  chores: Chores
  connections: Backend['connections']
  consumers: Consumer[]
}

/** The reason why a worker is not ready: during its start, what it waits for; later, the reason of one of its parts. */
export function createReadiness(storeCheck: () => Promise<LonghaulError | undefined>) {
  let whyNot = notReached
  return {
    waitFor(reason: string): void {
      whyNot = () => reason
    },
    run(parts: Parts): void {
      whyNot = () => whyNotReady(parts)
    },
    async whyNotReady(): Promise<NotReady | undefined> {
      const trouble = await storeCheck()
      if (trouble !== undefined) return { code: codeOf(trouble), reason: trouble.message }
      const reason = whyNot()
      return reason === undefined ? undefined : { reason }
    },
  }
}

const notReached = (): string | undefined => 'Redis has not been reached yet'

function whyNotReady({ drain, namespace, chores, connections, consumers }: Parts) {
  if (drain.isDraining()) return 'the worker is going away'
  const { status } = connections.bulk
  return (
    namespace.problem() ??
    chores.overdue() ??
    (status === 'ready' ? undefined : `the connection for large values is ${status}`) ??
    consumers.map((consumer) => consumer.trouble()).find((trouble) => trouble !== undefined)
  )
}

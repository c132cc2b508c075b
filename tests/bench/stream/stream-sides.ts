import { type AppProcess, startChild, testKey } from '@longhaul/testbed/servers'
import type { BenchRedis } from '../measure/bench-redis.ts'
import type { Begin } from './producer-message.ts'
import type { Produce } from './producer-message.ts'

/** One side of the bench: the process that sends the events, the paths for its clients, and the producer. */
export type StreamSide = {
  pid: number
  url: string
  key: string
  paths: string[]
  produce: (order: Omit<Produce, 'do'>) => Promise<unknown>
}

type AtEnd = (step: () => unknown) => void

/** Running turns. Their output is recorded as workers record it, and the clients are spread evenly over their streams. */
export async function startOurs(
  redis: BenchRedis,
  { api, clients, tasks, atEnd }: { api: AppProcess; clients: number; tasks: number; atEnd: AtEnd },
): Promise<StreamSide> {
  const headers = { authorization: `Bearer ${testKey}` }
  const reply = await fetch(`${api.url}/v2/agents/bench`, { headers })
  const { _id: agentId } = (await reply.json()) as { _id: string }
  const producer = await startChild(new URL('./stream-producer.ts', import.meta.url), {
    REDIS_URL: redis.url,
  })
  atEnd(() => producer.stop())
  const begun = producer.message<string[]>()
  producer.child.send({
    do: 'begin',
    count: tasks,
    from: tasks,
    agentId,
    planHash: 'none',
  } satisfies Begin)
  const ids = await begun
  return {
    pid: api.pid,
    url: api.url,
    key: testKey,
    paths: Array.from(
      { length: clients },
      (_, at) => `/v2/agents/bench/responses/${ids[at % tasks]}/events`,
    ),
    // All watchers of a turn receive each of its events.
    produce: ({ each, perSecond }) =>
      ordered(producer, {
        each,
        perSecond: perSecond === undefined ? undefined : (perSecond * tasks) / clients,
      }),
  }
}

export async function startReference({
  clients,
  atEnd,
}: {
  clients: number
  atEnd: AtEnd
}): Promise<StreamSide> {
  const reference = await startChild(new URL('./stream-reference.ts', import.meta.url), {})
  atEnd(() => reference.stop())
  return {
    pid: reference.pid,
    url: String(reference.ready),
    key: 'none',
    paths: Array.from({ length: clients }, () => '/events'),
    produce: (order) => ordered(reference, order),
  }
}

async function ordered(
  { child, message }: Awaited<ReturnType<typeof startChild>>,
  order: Omit<Produce, 'do'>,
): Promise<unknown> {
  const done = message()
  child.send({ do: 'produce', ...order })
  return await done
}

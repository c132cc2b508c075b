import { setTimeout as sleep } from 'node:timers/promises'
import { type BenchRedis, startBenchRedis } from '../measure/bench-redis.ts'
import { withCleanup } from '@longhaul/testbed/servers'
import { cpuTime } from '../measure/cpu-time.ts'
import type { Bench, Report } from '../report.ts'
import { residentMemory } from '../measure/resident-memory.ts'
import { createAgent, start } from '../product.ts'
import { measureRedis, type RedisWork } from '../measure/redis-work.ts'
import { alternate, compare, median, type Pair } from '../measure/rounds.ts'
import { type Ages, startStreamClients, type StreamClients } from './stream-clients.ts'
import { startOurs, startReference, type StreamSide } from './stream-sides.ts'

/** CPU in microseconds per event. Ages in milliseconds, at a pace far below the maximum. */
type Round = Ages & RedisWork & { perSecond: number; cpu: number }

/**
 * Measures streams of running turns against a bare fan-out from memory: first ten tasks with many watchers,
 * then one task for each client. Our side also has a Redis and a recording process, which share
 * the machine.
 */
export const stream: Bench = ({ rounds, quick, progress }) =>
  withCleanup(async (atEnd) => {
    const size = quick
      ? { clients: 50, each: 4, perSecond: 200, soakMs: 4_000 }
      : {
          clients: 1_000,
          each: 30,
          perSecond: 2_000,
          soakMs: 300_000,
        }
    const redis = await startBenchRedis()
    atEnd(() => redis.stop())
    const clients = await startStreamClients()
    atEnd(() => clients.stop())
    const api = await start('api', redis.url)
    atEnd(() => api.stop())
    await createAgent(api.url)
    const many = await startOurs(redis, { ...size, api, tasks: 10, atEnd })
    const own = await startOurs(redis, { ...size, api, tasks: size.clients, atEnd })
    const reference = await startReference({ ...size, atEnd })

    const known = { ...size, clients, redis }
    const found = { many: [] as Pair<Round>[], own: [] as Pair<Round>[] }
    const memory = { ours: 0, reference: 0 }
    memory.reference = await memoryOfClients(reference, clients)
    for (const [name, ours] of Object.entries({ own, many })) {
      progress(`${size.clients} clients of ${name === 'own' ? 'a task each' : 'ten tasks'}`)
      const held = await memoryOfClients(ours, clients)
      // The second clients reuse memory that the first clients have freed.
      if (name === 'own') memory.ours = held
      const sides = {
        ours: () => runRound(ours, known),
        reference: () => runRound(reference, known),
      }
      await sides.ours()
      await sides.reference()
      found[name as keyof typeof found] = await alternate(rounds, sides, (round, pair) => {
        const rates = [pair.ours, pair.reference].map(({ perSecond }) => Math.round(perSecond))
        progress(`round ${round} of ${rounds}: ${rates.join(' against ')} events a second`)
      })
      await clients.close(ours)
    }
    progress(`clients come and go for ${size.soakMs / 1_000} s`)
    const growth = await soak(own, { clients, ms: size.soakMs })
    return report(found, memory, growth)
  })

async function memoryOfClients(side: StreamSide, clients: StreamClients): Promise<number> {
  await sleep(1_000)
  const before = residentMemory(side.pid)
  await clients.open(side)
  await sleep(1_000)
  return (residentMemory(side.pid) - before) / side.paths.length
}

type Size = { each: number; perSecond: number }

async function runRound(
  side: StreamSide,
  { each, perSecond, clients, redis }: Size & { clients: StreamClients; redis: BenchRedis },
): Promise<Round> {
  const all = side.paths.length
  const events = each * all
  const workOfRedis = await measureRedis(redis)
  const before = cpuTime(side.pid)
  let ms = 0
  // An event has reached all clients before the next one is made, so that no two are sent together.
  for (let number = 0; number < each; number += 1) {
    ms += (await clients.receive({ events: all, timed: false }, () => side.produce({ each: 1 }))).ms
  }
  const cpu = ((cpuTime(side.pid) - before) * 1_000) / events
  const work = await workOfRedis(events)
  const few = { events: 2 * all, timed: true }
  const paced = await clients.receive(few, () => side.produce({ each: 2, perSecond }))
  return { perSecond: (events * 1_000) / ms, cpu, ...work, p50: paced.p50, p99: paced.p99 }
}

/** The growth of the process in bytes per minute while clients connect and disconnect, after a warm-up. */
async function soak(
  { pid, url, key, paths }: StreamSide,
  { clients, ms }: { clients: StreamClients; ms: number },
): Promise<number> {
  await clients.churn({ url, key, paths, perSecond: 150, ms: ms / 5 })
  const startedAt = performance.now()
  const samples: Sample[] = []
  const sampling = setInterval(() => {
    const minute = (performance.now() - startedAt) / 60_000
    samples.push({ minute, bytes: residentMemory(pid) })
  }, ms / 60)
  await clients.churn({ url, key, paths, perSecond: 50, ms })
  clearInterval(sampling)
  return slope(samples)
}

type Sample = { minute: number; bytes: number }

/** The median of the slopes between all pairs of samples (Theil–Sen), so that a single large garbage collection is no trend. */
function slope(samples: Sample[]): number {
  return median(
    samples.flatMap((from, at) =>
      samples.slice(at + 1).map((to) => (to.bytes - from.bytes) / (to.minute - from.minute)),
    ),
  )
}

/** The reference has no Redis. */
function ofRedis(pairs: Pair<Round>[]): string {
  const of = (figure: keyof RedisWork) => median(pairs.map(({ ours }) => ours[figure])).toFixed(1)
  return `Redis: ${of('redisCpu')} µs, ${of('commands')} commands and ${of('bytes')} bytes an event`
}

function report(
  { many, own }: { many: Pair<Round>[]; own: Pair<Round>[] },
  memory: Pair<number>,
  growth: number,
): Report {
  const kilobytes = [memory.ours, memory.reference].map((bytes) => (bytes / 1_024).toFixed(1))
  const rate = compare(many, (round) => round.perSecond)
  const rateOfOwn = compare(own, (round) => round.perSecond)
  return {
    rows: [
      { what: 'ten tasks: events a second', ...rate, goal: { reach: 0.6, aim: 0.8 } },
      { what: 'CPU of the server, µs an event', ...compare(many, (round) => round.cpu) },
      { what: 'age of an event, p50, ms', ...compare(many, (round) => round.p50) },
      { what: 'age of an event, p99, ms', ...compare(many, (round) => round.p99) },
      { what: 'a task each: events a second', ...rateOfOwn, goal: { reach: 0.3, aim: 0.5 } },
      { what: 'CPU of the server, µs an event', ...compare(own, (round) => round.cpu) },
      { what: 'age of an event, p50, ms', ...compare(own, (round) => round.p50) },
      { what: 'age of an event, p99, ms', ...compare(own, (round) => round.p99) },
    ],
    notes: [
      `ten tasks: added latency p50 ${added(many, 'p50')} ms, p99 ${added(many, 'p99')} ms; ${ofRedis(many)}`,
      `a task each: added latency p50 ${added(own, 'p50')} ms, p99 ${added(own, 'p99')} ms; ${ofRedis(own)}`,
      `memory of an idle client: ${kilobytes[0]} KB, of the reference's ${kilobytes[1]} KB`,
      `memory while clients come and go: ${(growth / 1_048_576).toFixed(2)} MB a minute (to reach: below 2)`,
    ],
  }
}

function added(pairs: Pair<Round>[], age: keyof Ages): string {
  return median(pairs.map(({ ours, reference }) => ours[age] - reference[age])).toFixed(1)
}

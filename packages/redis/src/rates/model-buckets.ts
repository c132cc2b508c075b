import {
  aheadFor,
  costIn,
  limits,
  type ModelBuckets,
  modelQuotaOf,
  paceOf,
  type RateBucket,
  type RatedCall,
  type Reservation,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { operatorRates, workspaceKeys } from '../connection/keys.ts'
import { readBucketsScript } from '../lua/rates/read-buckets.ts'
import { reserveCallScript } from '../lua/rates/reserve-call.ts'
import { settleCallScript } from '../lua/rates/settle-call.ts'
import { runScript } from '../lua/run-script.ts'

const { inWorker, ahead, reopen } = limits.modelRates

/** The longest pause of a vendor is a day. Buckets that nobody uses are deleted after it. */
const keptMs = 2 * limits.model.retryAfter

/** Two hashes that agree on a time need few steps. */
const mostSteps = 8

/** Buckets of one hash, and so of one slot of a cluster. */
type Group = { rates: string; buckets: RateBucket[] }
type Reply = { outcome: 'used' | 'booked' | 'full'; at: number; bucket: string; now: number }
type Step = { mode: 'reserve' | 'book' | 'use'; notBefore?: number; again?: boolean }

/**
 * The buckets in Redis. Those of a workspace are one hash in its slot, and those of the operator, which all shards share,
 * are one hash in another. Each script uses one hash. A call that takes from both reserves in one after the other.
 */
export function createModelBuckets(
  redis: Redis,
  { clock }: { clock?: () => number } = {},
): ModelBuckets {
  const clockTime = (): number | '' => clock?.() ?? ''

  async function run({ rates, buckets }: Group, { tokens }: RatedCall, step: Step): Promise<Reply> {
    const { mode, notBefore = 0, again = false } = step
    const call = reserveCallScript.call(
      { rates },
      {
        clockTime: clockTime(),
        mode,
        again,
        notBefore,
        aheadMs: ahead,
        nearMs: inWorker,
        keptMs,
        buckets: buckets.map((bucket) => {
          const { burst, interval } = paceOf(bucket.perMinute)
          return { name: nameOf(bucket), cost: costOf(bucket, tokens), burst, interval }
        }),
      },
    )
    return await runScript(redis, call)
  }

  async function change(
    { rates, buckets }: Group,
    times: 'both' | 'booked' | 'used',
    changeOf: (bucket: RateBucket) => { units: number; ahead?: number },
  ): Promise<void> {
    const changed = buckets.flatMap((bucket) => {
      const { units, ahead: aheadMs = 0 } = changeOf(bucket)
      const { interval } = paceOf(bucket.perMinute)
      if (units === 0 && aheadMs === 0) return []
      return [{ name: nameOf(bucket), units, interval, ahead: aheadMs }]
    })
    if (changed.length === 0) return
    const values = { clockTime: clockTime(), times, keptMs, buckets: changed }
    await runScript(redis, settleCallScript.call({ rates }, values))
  }

  async function giveBack(
    groups: Group[],
    { tokens }: RatedCall,
    times: 'both' | 'booked' | 'used',
  ) {
    for (const group of groups)
      await change(group, times, (bucket) => ({ units: -costOf(bucket, tokens) }))
  }

  /** Books the call in every group. The time is that of the slowest. */
  async function book(groups: Group[], call: RatedCall): Promise<Reservation> {
    const booked: Group[] = []
    let slowest: { reply: Reply; group: Group } | undefined
    for (const group of groups) {
      const reply = await run(group, call, { mode: 'book' })
      if (reply.outcome === 'full') {
        await giveBack(booked, call, 'booked')
        return reservationOf(reply, group)
      }
      booked.push(group)
      if (slowest === undefined || reply.at > slowest.reply.at) slowest = { reply, group }
    }
    if (slowest === undefined) return { outcome: 'ready', inMs: 0 }
    const { reply, group } = slowest
    const isNear = reply.at - reply.now <= inWorker
    return isNear ? { outcome: 'ready', inMs: 0 } : reservationOf(reply, group)
  }

  /** Takes the units of a booked call from every group, at one time that suits all. */
  async function use(groups: Group[], call: RatedCall): Promise<Reservation> {
    let notBefore = 0
    let agreed = 0
    let inMs = 0
    for (let step = 0; agreed < groups.length && step < mostSteps; step += 1) {
      const group = groups[step % groups.length]
      if (group === undefined) break
      const again = step >= groups.length
      const reply = await run(group, call, { mode: 'use', notBefore, again })
      if (reply.outcome !== 'used') {
        const others = groups.filter((other, at) => other !== group && (again || at < step))
        await giveBack(others, call, 'used')
        return reservationOf(reply, group)
      }
      agreed = reply.at > notBefore ? 1 : agreed + 1
      notBefore = reply.at
      inMs = reply.at - reply.now
    }
    return { outcome: 'ready', inMs }
  }

  return {
    async reserve(call, { isReserved }) {
      const groups = groupsOf(call)
      const [only] = groups
      if (only === undefined) return { outcome: 'ready', inMs: 0 }
      if (isReserved) return await use(groups, call)
      if (groups.length === 1)
        return reservationOf(await run(only, call, { mode: 'reserve' }), only)
      const booked = await book(groups, call)
      return booked.outcome === 'ready' ? await use(groups, call) : booked
    },

    async settle(call, tokens, reports) {
      for (const group of groupsOf(call)) {
        await change(group, 'both', (bucket) => {
          const units = costOf(bucket, tokens) - costOf(bucket, call.tokens)
          const report = reports[bucket.unit]
          const pace = paceOf(bucket.perMinute)
          return { units, ...(report !== undefined && { ahead: aheadFor(report, pace) }) }
        })
      }
    },

    async quota(call) {
      const states = groupsOf(call).map(async ({ rates, buckets }) => {
        const values = { clockTime: clockTime(), names: buckets.map(nameOf) }
        const times = await runScript(redis, readBucketsScript.call({ rates }, values))
        return buckets.map((bucket, at) => ({ bucket, aheadMs: times[at] ?? 0 }))
      })
      return modelQuotaOf((await Promise.all(states)).flat())
    },

    refund: (call, was) => giveBack(groupsOf(call), call, was === 'ready' ? 'both' : 'booked'),
  }
}

function groupsOf({ workspace, buckets }: Omit<RatedCall, 'tokens'>): Group[] {
  const groups = [
    {
      rates: workspaceKeys(workspace).rates,
      buckets: buckets.filter(({ of }) => of === 'workspace'),
    },
    { rates: operatorRates(), buckets: buckets.filter(({ of }) => of === 'operator') },
  ]
  return groups.filter((group) => group.buckets.length > 0)
}

function nameOf({ unit, pattern }: RateBucket): string {
  return `${unit} ${pattern}`
}

function costOf({ unit, perMinute }: RateBucket, tokens: number): number {
  return unit === 'requests' ? 1 : costIn(perMinute, tokens)
}

function reservationOf({ outcome, at, bucket: name, now }: Reply, { buckets }: Group): Reservation {
  const bucket = buckets.find((one) => nameOf(one) === name) ?? buckets[0]
  if (outcome === 'used' || bucket === undefined) return { outcome: 'ready', inMs: at - now }
  if (outcome === 'booked') return { outcome: 'later', until: at, bucket }
  // The turns start again when the next call is less far ahead than that.
  return { outcome: 'full', until: Math.max(now, at - reopen), bucket }
}

import type { BenchRedis } from '../measure/bench-redis.ts'
import { withCleanup } from '@longhaul/testbed/servers'
import { alternate, compare, type Pair } from '../measure/rounds.ts'
import type { Bench, Row } from '../report.ts'
import { bytesOfBacklog, openBacklog, type Backlog } from './open-backlog.ts'

/** The sizes of a full run and of a quick one. */
const sizes = {
  full: { queued: 100_000, workspaces: 1_000, keys: 100_000, each: 3_000 },
  quick: { queued: 1_000, workspaces: 20, keys: 1_000, each: 100 },
}

type AtEnd = (end: () => Promise<unknown>) => void
/** CPU of Redis in microseconds for each turn, and its commands. */
type Round = { cpu: number; commands: number }

/**
 * Measures what a long backlog costs Redis: a submission behind 100,000 queued turns against one into an empty backlog,
 * and the end of a turn with the claim of the next among many workspaces and among many keys against one of each.
 */
export const backlog: Bench = async ({ rounds, quick, progress }) => {
  const size = quick ? sizes.quick : sizes.full
  const rows: Row[] = []
  const notes: string[] = []

  async function measure(
    what: string,
    sides: (atEnd: AtEnd) => Promise<Pair<() => Promise<Round>>>,
  ): Promise<void> {
    await withCleanup(async (atEnd) => {
      const both = await sides(atEnd)
      await both.ours()
      await both.reference()
      const pairs = await alternate(rounds, both, (round) =>
        progress(`${what}: round ${round} of ${rounds}`),
      )
      rows.push({ what: `${what}: CPU of Redis, µs`, ...compare(pairs, ({ cpu }) => cpu) })
      rows.push({ what: `${what}: commands`, ...compare(pairs, ({ commands }) => commands) })
    })
  }

  await measure(
    `submit behind ${size.queued.toLocaleString('en')} (at most 1.3)`,
    async (atEnd) => {
      const [long, empty] = [await openBacklog(atEnd), await openBacklog(atEnd)]
      await long.fill(size.queued, () => ({}))
      notes.push(`bytes of an entry: ${await bytesOfBacklog(long, size.queued)} (at most 150)`)
      return {
        ours: () => measured(long.redis, size.each, () => long.fill(size.each, () => ({}))),
        async reference() {
          await empty.redis.redis.flushdb()
          return await measured(empty.redis, size.each, () => empty.fill(size.each, () => ({})))
        },
      }
    },
  )

  const turns = size.each * (rounds + 2)
  const claims = async (
    atEnd: AtEnd,
    count: number,
    of: (at: number) => { workspace?: string; fairnessKey?: string },
  ): Promise<{ opened: Backlog; run: () => Promise<Round> }> => {
    const opened = await openBacklog(atEnd)
    await opened.fill(count, of)
    return {
      opened,
      run: () => measured(opened.redis, size.each, () => opened.runTurns(size.each)),
    }
  }
  const many = Math.max(turns, size.queued)
  await measure(
    `turn among ${size.workspaces.toLocaleString('en')} workspaces (at most 1.15)`,
    async (atEnd) => {
      const ours = await claims(atEnd, many, (at) => ({ workspace: `w${at % size.workspaces}` }))
      const reference = await claims(atEnd, many, () => ({}))
      return { ours: ours.run, reference: reference.run }
    },
  )
  await measure(
    `turn among ${size.keys.toLocaleString('en')} keys (at most 1.4)`,
    async (atEnd) => {
      const count = Math.max(turns, size.keys)
      const ours = await claims(atEnd, count, (at) => ({ fairnessKey: `user-${at}` }))
      const bytes = await bytesOfBacklog(ours.opened, count)
      notes.push(`bytes of an entry with a key of its own: ${bytes} (at most 300)`)
      const reference = await claims(atEnd, count, () => ({}))
      return { ours: ours.run, reference: reference.run }
    },
  )
  return { rows, notes }
}

async function measured(
  redis: BenchRedis,
  count: number,
  work: () => Promise<void>,
): Promise<Round> {
  const before = await redis.work()
  await work()
  const after = await redis.work()
  return {
    cpu: ((after.cpu - before.cpu) * 1_000) / count,
    commands: (after.commands - before.commands) / count,
  }
}

import { withCleanup, type Installation, orAborted } from '@longhaul/testbed/servers'
import type { Act, Attack, Finding, Prepare } from './attack.ts'
import { attackMs, patienceMs, runMs } from './bounds.ts'
import { type Evidence, checkResult } from './check-result.ts'
import { createAttackContext } from './attack-context.ts'
import { startTestbed, type Testbed } from './attack-cluster.ts'

export type Result = Evidence & {
  attack: string
  variant: string
  seen: string
  /** The reasons for which the attack has succeeded; empty if it was withstood. */
  problems: string[]
  ms: number
}

type Options = {
  attacks: Attack[]
  workers?: number
  /** The version under attack; this one by default. */
  installation?: Installation | undefined
  /** Small volumes. */
  short?: boolean
  /** A database to use instead of a Redis of the testbed's own. Each testbed begins by emptying it. */
  redisUrl?: string
  signal: AbortSignal
  say: (text: string) => void
}

/** Runs the attacks one after the other while a neighbour works. Also returns the attacks that were not started in time. */
export async function runAttacks(options: Options): Promise<{ results: Result[]; late: string[] }> {
  const { attacks, signal, say, short = false } = options
  const variants = attacks.flatMap((attack) =>
    Object.entries(attack.variants).map(([name, prepare]) => ({ attack, name, prepare })),
  )
  const results: Result[] = []
  const late: string[] = []
  const startedAt = performance.now()
  let holder: ReturnType<typeof holdTestbed> | undefined
  try {
    for (const { attack, name, prepare } of variants) {
      if (performance.now() - startedAt > runMs - attackMs) {
        late.push(`${attack.name}: ${name}`)
        continue
      }
      holder ??= holdTestbed(options)
      const testbed = await orAborted(holder.testbed, signal)
      const how = { attack, name, prepare, short, signal }
      const result = await orAborted(runVariant(testbed, how), signal)
      results.push(result)
      say(lineOf(result))
      if (attack.spoils === true || result.problems.length > 0 || !(await testbed.isFit())) {
        await holder.end()
        holder = undefined
      }
    }
  } finally {
    await holder?.end()
  }
  return { results, late }
}

/** A testbed that lives until `end`. */
function holdTestbed({ workers = 2, installation, redisUrl }: Options) {
  const over = Promise.withResolvers<void>()
  const ready = Promise.withResolvers<Testbed>()
  const ended = withCleanup(async (atEnd) => {
    ready.resolve(await startTestbed({ workers, installation, redisUrl }, atEnd))
    await over.promise
  })
  ended.catch((error: unknown) => ready.reject(error))
  return {
    testbed: ready.promise,
    async end() {
      over.resolve()
      await ended
    },
  }
}

type Variant = {
  attack: Attack
  name: string
  prepare: Prepare
  short: boolean
  signal: AbortSignal
}

async function runVariant(testbed: Testbed, variant: Variant): Promise<Result> {
  const { attack, name, prepare, short, signal } = variant
  const startedAt = performance.now()
  const known = testbed.targets.map(({ process: { log } }) => log.length)
  const watched = attack.withoutNeighbours !== true
  return await withCleanup(async (atEnd) => {
    atEnd(() => testbed.endExtras())
    const over = new AbortController()
    atEnd(() => over.abort())
    const limit = AbortSignal.any([signal, over.signal, AbortSignal.timeout(attackMs)])
    const context = createAttackContext(testbed, { short, signal: limit, atEnd })
    const act = await prepared(prepare(context), limit)
    testbed.resetPeaks()
    if (watched) await beginNeighbours(testbed, short)
    const finding = await within(act, limit)
    const neighbours = watched ? await testbed.neighbours.end(patienceMs) : undefined
    const evidence: Evidence = {
      wrong: finding.wrong,
      neighbours,
      lostLeases: lostLeases(testbed, known, neighbours?.tasks ?? []),
      dead: testbed.targets.filter((each) => !each.process.alive()).map((each) => each.name),
      peaks: Object.fromEntries(testbed.peaks()),
    }
    const ms = performance.now() - startedAt
    const problems = checkResult(evidence)
    return { attack: attack.name, variant: name, seen: finding.seen, problems, ms, ...evidence }
  })
}

/** Prepares an attack. An attack that cannot be prepared counts as a success of the attacker. */
async function prepared(preparing: Promise<Act>, limit: AbortSignal): Promise<Act> {
  try {
    return await orAborted(preparing, limit)
  } catch (error) {
    const wrong = [`it could not be prepared: ${String(error)}`]
    return () => Promise.resolve({ seen: '', wrong })
  }
}

async function within(act: Act, limit: AbortSignal): Promise<Finding> {
  try {
    return await orAborted(act(), limit)
  } catch (error) {
    const why = limit.aborted ? `it took more than ${attackMs / 1_000} s` : String(error)
    return { seen: '', wrong: [`the attack did not come to its end: ${why}`] }
  }
}

async function beginNeighbours(
  { neighbours, url, neighbourKey, targets }: Testbed,
  short: boolean,
): Promise<void> {
  const health = targets.map(({ name, process }) => ({ name, url: process.url }))
  const modelDelays = short ? [20, 200] : [50, 700, 1_500]
  await neighbours.begin({ url, key: neighbourKey, health, modelDelays, words: short ? 5 : 10 })
}

/** Counts beta's leases that workers report as lost. */
function lostLeases({ targets }: Testbed, known: number[], tasks: string[]): number {
  const lost = targets.flatMap(({ process: { log } }, at) =>
    log.slice(known[at]).filter((line) => line.includes('"msg":"turn lost"')),
  )
  return lost.filter((line) => tasks.some((task) => line.includes(task))).length
}

function lineOf({ attack, variant, problems, seen }: Result): string {
  const outcome = problems.length === 0 ? 'withstood' : `SUCCEEDED: ${problems.join('; ')}`
  return `${attack}, ${variant}: ${outcome}${seen === '' ? '' : ` (${seen})`}`
}

import { type Budget, createFairQueue, limits, LonghaulError, OverBudget } from '@longhaul/core'
import { Piscina } from 'piscina'
import type { ContentBudget } from './content-budget.ts'
import type { Job, Outcome } from './work-thread.ts'
import { type Input, type Output, type WorkName, workOf } from './kinds-of-work.ts'
import { createLoopShare } from './event-loop-share.ts'

/**
 * Processes untrusted content within the budget of its request. Most work is small and runs at once, in the event loop.
 * Larger work begins again on a thread, so that it does not block other requests. Rejects with `unavailable` when too
 * much work of the workspace waits for a thread, unless the budget is patient; with the reason of the budget's signal
 * when that is aborted.
 */
export async function runContent<Name extends WorkName>(
  name: Name,
  input: Input<Name>,
  budget: ContentBudget,
): Promise<Output<Name>> {
  const done = doneAtOnce(name, input, budget)
  if (done !== undefined) {
    counts.atOnce += 1
    return done.value
  }
  const { workspace, patient, signal } = budget
  const work = () => onThread(name, input, budget)
  return await queue.run(workspace, work, { patient, ...(signal && { signal }) })
}

/** How often this process has done work in its event loop, and how often on a thread. */
export const counts = { atOnce: 0, apart: 0 }

const share = createLoopShare(limits.contentShare)
const queue = createFairQueue({ name: 'large templates and schemas', ...limits.contentThreads })

/** Undefined when the work is too large for the event loop. */
function doneAtOnce<Name extends WorkName>(
  name: Name,
  input: Input<Name>,
  { workspace, left, atOnce }: ContentBudget,
): { value: Output<Name> } | undefined {
  const work = workOf(name)
  if (work.size(input) > limits.contentAtOnce.characters) return undefined
  const may = {
    steps: Math.min(left.steps, atOnce.steps),
    characters: Math.min(left.characters, atOnce.characters),
    milliseconds: Math.min(left.milliseconds, atOnce.milliseconds, share.left(workspace)),
    byClock: true,
  }
  const rest = { ...may }
  const startedAt = performance.now()
  let isDone = true
  try {
    return { value: work.run(input, rest, { atOnce: true }) }
  } catch (error) {
    if (!(error instanceof OverBudget)) throw error
    isDone = false
    return undefined
  } finally {
    const clock = performance.now() - startedAt
    const milliseconds = may.milliseconds - rest.milliseconds
    if (milliseconds >= limits.contentShare.from) share.use(workspace, clock)
    atOnce.milliseconds -= clock
    // Work that begins again on a thread pays only for its time in the event loop.
    if (isDone) {
      const steps = may.steps - rest.steps
      const characters = may.characters - rest.characters
      spend(atOnce, { steps, characters, milliseconds: 0 })
      spend(left, { steps, characters, milliseconds })
    }
  }
}

function spend(from: Budget, used: Budget): void {
  from.steps -= used.steps
  from.characters -= used.characters
  from.milliseconds -= used.milliseconds
}

/** The pool, which starts on first use. Idle threads end. */
let threads: Piscina<Job, Outcome<unknown>> | undefined

async function onThread<Name extends WorkName>(
  name: Name,
  input: Input<Name>,
  budget: ContentBudget,
): Promise<Output<Name>> {
  const work = workOf(name)
  if (budget.clock <= 0) return work.stopped(input)
  const sent = JSON.stringify(input)
  // The input is copied, and a thread has little memory.
  if (sent.length > limits.contentThreads.input) return work.stopped(input)
  threads ??= startThreads()
  counts.apart += 1
  const startedAt = performance.now()
  const expiry = AbortSignal.timeout(Math.ceil(budget.clock))
  const signal = budget.signal === undefined ? expiry : AbortSignal.any([expiry, budget.signal])
  const outcome = await threads
    .run({ name, input: sent, budget: budget.left }, { signal })
    .catch((cause: unknown) => {
      budget.signal?.throwIfAborted()
      // Usually the budget ends the work. Here the thread was stopped, and the pool replaces it.
      return { cause }
    })
    .finally(() => {
      budget.clock -= performance.now() - startedAt
    })
  if ('cause' in outcome) return work.stopped(input)
  Object.assign(budget.left, outcome.left)
  if ('value' in outcome) return outcome.value as Output<Name>
  const { code, message, fields } = outcome.refused
  throw new LonghaulError(code, message, { fields })
}

function startThreads(): Piscina<Job, Outcome<unknown>> {
  const pool = new Piscina<Job, Outcome<unknown>>({
    filename: new URL('work-thread.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: limits.contentThreads.atOnce,
    idleTimeout: 30_000,
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  })
  // The error of an idle thread; the pool starts another one. Without a listener it would end the process.
  pool.on('error', (error: Error) => process.emitWarning(error))
  return pool
}

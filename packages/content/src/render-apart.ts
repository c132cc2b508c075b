import { createBudget, limits, LonghaulError, OverBudget } from '@longhaul/core'
import { Piscina } from 'piscina'
import type { Outcome, RenderJob } from './content-thread.ts'
import { createFairQueue } from './fair-queue.ts'
import { renderAll, type Template, type Values } from './template.ts'

/**
 * Fills several templates with the same variables, as `renderAll` does. Most are filled at once; what needs more than
 * a little is filled on a thread, so that it holds up nobody else. Rejects with invalid, naming the template, or
 * with unavailable when too many of the workspace wait for a thread and it is not patient.
 */
export async function renderApart(
  templates: readonly Template[],
  {
    engine,
    variables,
    workspace,
    patient = false,
  }: Values & { workspace: string; patient?: boolean },
): Promise<string[]> {
  const size = templates.reduce((sum, { text }) => sum + text.length, 0)
  if (size <= limits.contentAtOnce.characters) {
    try {
      const budget = createBudget(limits.contentAtOnce)
      return renderAll(templates, { engine, variables, budget })
    } catch (error) {
      if (!(error instanceof OverBudget)) throw error
    }
  }
  return await queue.run(workspace, () => onThread({ templates, engine, variables }), { patient })
}

const queue = createFairQueue({ name: 'large templates', ...limits.contentThreads })

/** Made when it is first needed; its idle threads end. */
let threads: Piscina<RenderJob, Outcome<string[]>> | undefined

async function onThread(job: RenderJob): Promise<string[]> {
  threads ??= startThreads()
  const outcome = await threads
    .run(job, { signal: AbortSignal.timeout(limits.contentWait) })
    .catch((cause: unknown) => {
      // The budget ends most work before. This thread was stopped, and another one takes its place.
      const [{ path } = { path: '' }] = job.templates
      const message = `${path === '' ? '' : `${path}: `}the templates take too long or too much memory`
      throw new OverBudget(message, { cause, fields: [{ path, message }] })
    })
  if ('value' in outcome) return outcome.value
  const { code, message, fields } = outcome.refused
  throw new LonghaulError(code, message, { fields })
}

function startThreads(): Piscina<RenderJob, Outcome<string[]>> {
  const pool = new Piscina<RenderJob, Outcome<string[]>>({
    filename: new URL('content-thread.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: limits.contentThreads.atOnce,
    idleTimeout: limits.threads.idle,
    resourceLimits: { maxOldGenerationSizeMb: limits.threads.memory / 1024 ** 2 },
  })
  // Of a thread that had no work; the pool starts another one. Without a listener it would end the process.
  pool.on('error', (error: Error) => process.emitWarning(error))
  return pool
}

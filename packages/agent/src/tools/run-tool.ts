import { limits } from '@longhaul/core'
import type { PlanTool } from '@longhaul/core'
import { kinds } from './kinds.ts'

export type ToolOutcome = { ok: true; result: unknown } | { ok: false; error: string }

/**
 * Runs one call. A tool that fails, takes too long or returns too much is an answer, which the
 * model reads. Rejects with the signal's reason when the signal is aborted, and never otherwise.
 */
export async function runTool(
  call: { callId: string; name: string; arguments: Record<string, unknown> },
  {
    tool,
    signal,
    now = Date.now(),
    timeoutMs = limits.toolTimeout,
  }: { tool: PlanTool; signal: AbortSignal; now?: number; timeoutMs?: number },
): Promise<ToolOutcome> {
  signal.throwIfAborted()
  if (tool.kind === 'function') {
    return { ok: false, error: `the function ${tool.name} is run by the client` }
  }
  const run = kinds[tool.kind]
  const controller = new AbortController()
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const stop = (reason: unknown) => {
    controller.abort(reason)
    reject(reason)
  }
  const cancel = () => stop(signal.reason)
  const timer = setTimeout(
    () => stop(new Error(`${tool.name} did not finish within ${timeoutMs / 1000} s`)),
    timeoutMs,
  )
  signal.addEventListener('abort', cancel, { once: true })
  try {
    const running = (async () =>
      await run(call.arguments, {
        callId: call.callId,
        configuration: tool.configuration ?? {},
        now,
        signal: controller.signal,
      }))()
    return kept(await Promise.race([running, stopped]))
  } catch (error) {
    signal.throwIfAborted()
    return { ok: false, error: messageOf(error) }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
  }
}

function kept(result: unknown): ToolOutcome {
  const size = (JSON.stringify(result) ?? 'null').length
  if (size <= limits.toolResultKept) return { ok: true, result: result ?? null }
  return {
    ok: false,
    error: `the result is too large: ${size} characters, and ${limits.toolResultKept} are kept`,
  }
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message === '' ? 'the tool failed' : message.slice(0, 2_000)
}

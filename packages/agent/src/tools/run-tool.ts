import { cutText, JsonText, limits } from '@longhaul/core'
import type { InputFile, PlanTool, ReserveCapacity, ServerTool } from '@longhaul/core'
import { startDeadline } from '@longhaul/outbound'
import { instantKinds, type InstantTool, kinds } from './kinds.ts'
import { ResultWithFiles } from './result-files.ts'
import { answeredLater, type InstantKind, type ToolContext, type ToolKind } from './tool-kind.ts'
import { withCapacity } from './with-capacity.ts'

export type ToolOutcome =
  /** A large result is a `JsonText`. */
  | { ok: true; result: unknown; files?: InputFile[] }
  | { ok: false; error: string }
  /** The call is answered later. */
  | 'later'

/**
 * Runs one call. A tool that fails, takes too long or returns too much results in an answer for the model. Rejects only
 * when the signal is aborted, with its reason.
 */
export async function runTool(
  input: Record<string, unknown>,
  { tool, signal, timeoutMs = timeoutOf(tool), services, capacity, ...context }: Options,
): Promise<ToolOutcome> {
  signal.throwIfAborted()
  if (tool.kind === 'function') {
    return { ok: false, error: `the function ${tool.name} is run by the client` }
  }
  const reason = () => new Error(`${tool.name} did not finish within ${timeoutMs / 1000} s`)
  const deadline = startDeadline({ signal, timeoutMs, reason })
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  deadline.signal.addEventListener('abort', () => reject(deadline.signal.reason))
  const waitForRoom: ReserveCapacity = (bytes) =>
    deadline.paused(async () => await capacity?.(bytes))
  try {
    const running = (async () =>
      await run(input, {
        tool,
        ...context,
        services: withCapacity(services, waitForRoom),
        pause: deadline.pause,
        signal: deadline.signal,
      }))()
    const result = await Promise.race([running, stopped])
    if (result === answeredLater) return 'later'
    if (!(result instanceof ResultWithFiles)) return storedResult(result)
    const stored = storedResult(result.result)
    return stored.ok ? { ...stored, files: result.files } : stored
  } catch (error) {
    signal.throwIfAborted()
    return { ok: false, error: messageOf(error) }
  } finally {
    deadline.end()
  }
}

/** Runs a call that neither waits nor has an effect. */
export function runInstantTool(
  input: Record<string, unknown>,
  context: { tool: InstantTool; now: number },
): Exclude<ToolOutcome, 'later'> {
  try {
    const kind = instantKinds[context.tool.kind] as InstantKind<InstantTool['kind']>
    return storedResult(kind(configured(input, context.tool), context))
  } catch (error) {
    return { ok: false, error: messageOf(error) }
  }
}

type Options = Omit<ToolContext, 'tool' | 'pause'> & {
  tool: PlanTool
  timeoutMs?: number
  /** Reserves capacity for large replies. */
  capacity?: ReserveCapacity
}

/** Runs the function of the tool's kind. */
function run(input: Record<string, unknown>, context: ToolContext): unknown {
  const { tool } = context
  const kind = kinds[tool.kind] as ToolKind<ServerTool['kind']>
  return kind(configured(input, tool), context)
}

/** The agent's configuration overrides the model's arguments. */
function configured(input: Record<string, unknown>, tool: ServerTool): Record<string, unknown> {
  return 'configuration' in tool ? { ...input, ...tool.configuration } : input
}

function timeoutOf(tool: PlanTool): number {
  // The call only writes to Redis, and it must be known whether the task was started.
  if (tool.kind === 'call_sub_agent') return limits.parked
  return 'timeoutSeconds' in tool ? tool.timeoutSeconds * 1_000 : limits.toolTimeout
}

function storedResult(result: unknown): Exclude<ToolOutcome, 'later'> {
  const json = JSON.stringify(result) ?? 'null'
  if (json.length > limits.storedToolResult) {
    const limit = limits.storedToolResult
    const error = `the result is too large: ${json.length} characters, and ${limit} are kept`
    return { ok: false, error }
  }
  return { ok: true, result: json.length > limits.inline ? new JsonText(json) : (result ?? null) }
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message === '' ? 'the tool failed' : cutText(message, 2_000)
}

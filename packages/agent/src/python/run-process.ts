import type { ChildProcess } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { lastOfText, limits, parseExact, shapeProblem } from '@longhaul/core'
import { killCall } from './kill-call.ts'
import type { Hold, MemoryGuard } from './memory/memory-guard.ts'
import type { Bounds } from './memory/over-memory.ts'

/** The value of the code's variable `result`, and its standard output. */
export type PythonResult = { result: unknown; stdout: string }

export const unavailable = 'code cannot be run here'

/** In the order of `stdio`. */
type Pipes = [
  stdin: Writable,
  stdout: Readable,
  stderr: Readable,
  result: Readable,
  filter: Writable,
  info: Readable,
  gate: Writable,
]

type Run = {
  task: string
  filter: Buffer
  workspace: string
  guard: MemoryGuard
  bounds: Bounds
  signal: AbortSignal
}

/** Sends the code to a sandbox that has been started, and resolves with its result. */
export async function runProcess(
  child: ChildProcess,
  { task, filter, workspace, guard, bounds, signal }: Run,
): Promise<PythonResult> {
  let tooMuch: string | undefined
  const [stdin, out, err, channel, filterPipe, info, gate] = child.stdio as unknown as Pipes
  let init: number | undefined
  let isClosed = false
  child.once('close', () => (isClosed = true))
  const kill = () => {
    if (!isClosed && child.pid !== undefined) killCall({ bwrap: child.pid, init })
    // A process that still waits for these pipes reads their end, and has nothing to run.
    for (const pipe of [stdin, gate]) pipe.destroy()
  }
  signal.addEventListener('abort', kill, { once: true })
  const read = (stream: Readable, what: string, limit: number) =>
    gathered(stream, limit, () => {
      tooMuch ??= `the code has written more than ${limit} bytes ${what}`
      kill()
    })
  // A sandbox that has ended no longer reads. Its exit says why.
  for (const pipe of [stdin, filterPipe, gate]) pipe.on('error', () => {})
  filterPipe.end(filter)
  /** Bubblewrap reports its process and waits until that is guarded. Undefined when bubblewrap could not start. */
  async function takeIn(): Promise<Hold | undefined> {
    const text = await gathered(info, 1_000, () => {})
    const begun = Number(/"child-pid": (\d+)/.exec(text)?.[1])
    if (child.pid === undefined || Number.isNaN(begun)) return undefined
    init = begun
    const hold = await guard.take({ workspace, bwrap: child.pid, init })
    gate.end('go')
    stdin.end(task)
    return hold
  }
  const taking = takeIn()
  async function release(): Promise<keyof Bounds | undefined> {
    // A process without a guard must not run on.
    kill()
    return await (await taking)?.release()
  }
  try {
    const [end, stdout, stderr, sent] = await Promise.all([
      ended(child),
      read(out, 'to its standard output', limits.code.output),
      read(err, 'to its standard error', limits.code.output),
      read(channel, 'as its result', limits.storedToolResult),
      taking,
    ]).catch(async (error: unknown) => {
      await release()
      throw error
    })
    const broken = await release()
    signal.throwIfAborted()
    if (broken !== undefined) tooMuch = overText(broken, bounds)
    if (tooMuch !== undefined) throw new Error(tooMuch)
    const { result = null, error } = parsed(sent) ?? { error: whyNothing(end, stderr) }
    if (error !== undefined) throw new Error(error + printed(stdout))
    return { result, stdout }
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', kill)
  }
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`
}

function overText(broken: keyof Bounds, { call, total }: Bounds): string {
  return broken === 'call'
    ? `the code was stopped: its processes and files held more than ${megabytes(call)} of memory`
    : `the code was stopped: all code of this worker held more than ${megabytes(total)} of memory. Try again later, or with less data.`
}

/** The way in which the process ended. Rejects when it could not be started. */
function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`${unavailable}: ${cause.message}`, { cause })))
    child.once('close', (code, by) => resolve(by === null ? `with code ${code}` : `by ${by}`))
  })
}

async function gathered(stream: Readable, limit: number, overflow: () => void): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= limit) chunks.push(chunk)
    else overflow()
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Undefined for other texts: the code may have written anything to this channel. */
function parsed(text: string): { result?: unknown; error?: string } | undefined {
  const problem = shapeProblem(text)
  if (problem !== undefined) return { error: `the result ${problem}: return less` }
  try {
    const value = parseExact(text)
    if (typeof value !== 'object' || value === null) return undefined
    if ('error' in value) return { error: String(value.error) }
    return 'result' in value ? { result: value.result } : undefined
  } catch {
    return undefined
  }
}

function whyNothing(end: string, stderr: string): string {
  const output = lastOfText(stderr.trim(), 1_000)
  if (output.startsWith('bwrap:')) return `${unavailable}: ${output}`
  return `the code ended ${end} and left no result${output === '' ? '' : `: ${output}`}`
}

function printed(stdout: string): string {
  return stdout === '' ? '' : `\nIt had printed: ${lastOfText(stdout, 1_000)}`
}

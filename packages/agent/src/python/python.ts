import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import { limits, parseExact } from '@longhaul/core'
import pLimit from 'p-limit'
import { openSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts'

/** What the code has left in its variable `result`, and what it has printed. */
export type PythonResult = { result: unknown; stdout: string }

export type Python = {
  /**
   * Runs code in the sandbox. Rejects with an Error that its author can read when it fails, breaks a limit, or
   * there is no sandbox; with the signal's reason when that is aborted: nothing of the run is left then.
   */
  run: (
    code: string,
    options: { params: Record<string, unknown>; seconds: number; signal: AbortSignal },
  ) => Promise<PythonResult>
}

export function createPython(options: SandboxOptions): Python {
  const atOnce = pLimit(limits.code.atOnce)
  let opening: Promise<{ sandbox: Sandbox; runner: string }> | undefined
  let lastUser = randomInt(users)

  /** What could not be opened may be there the next time. */
  function opened() {
    opening ??= open(options).catch((cause: unknown) => {
      opening = undefined
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new Error(`${unavailable}: ${why}`, { cause })
    })
    return opening
  }

  return {
    run: (code, { params, seconds, signal }) =>
      atOnce(async () => {
        const { sandbox, runner } = await opened()
        signal.throwIfAborted()
        lastUser = (lastUser + 1) % users
        const child = spawn(sandbox.command, [...sandbox.args, '-I', '-X', 'utf8', '-c', runner], {
          stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
          env: sandbox.env,
          cwd: '/',
          // Of root's rights it needs none. A user of its own has no other's processes among which to be counted.
          ...(process.getuid?.() === 0 && { uid: firstUser + lastUser, gid: firstUser + lastUser }),
        })
        const { packages } = sandbox
        const task = { code, params, packages, limits: resourcesFor(seconds) }
        return await outcomeOf(child, { task: JSON.stringify(task), signal })
      }),
  }
}

/** What nobody is on any machine. */
const firstUser = 0x70_00_00_00
const users = 0x1_00_00

const unavailable = 'code cannot be run here'

async function open(options: SandboxOptions) {
  const [sandbox, runner] = await Promise.all([
    openSandbox(options),
    readFile(new URL('runner.py', import.meta.url), 'utf8'),
  ])
  return { sandbox, runner }
}

/** By the names that the operating system has for them. */
function resourcesFor(seconds: number): Record<string, number> {
  const { memory, disk, processes, files } = limits.code
  return { AS: memory, FSIZE: disk, NPROC: processes, NOFILE: files, CPU: Math.ceil(seconds) + 1 }
}

/** As `stdio` asks for them. */
type Pipes = [stdin: Writable, stdout: Readable, stderr: Readable, result: Readable]

async function outcomeOf(
  child: ChildProcess,
  { task, signal }: { task: string; signal: AbortSignal },
): Promise<PythonResult> {
  let tooMuch: string | undefined
  const kill = () => child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  try {
    const [stdin, out, err, channel] = child.stdio as unknown as Pipes
    // A sandbox that has ended reads no more; how it ended tells why.
    stdin.on('error', () => {})
    stdin.end(task)
    const read = (stream: Readable, what: string, most: number) =>
      gathered(stream, most, () => {
        tooMuch ??= `the code has written more than ${most} bytes ${what}`
        kill()
      })
    const [end, stdout, stderr, told] = await Promise.all([
      ended(child),
      read(out, 'to its standard output', limits.code.output),
      read(err, 'to its standard error', limits.code.output),
      read(channel, 'as its result', limits.toolResultKept),
    ])
    signal.throwIfAborted()
    if (tooMuch !== undefined) throw new Error(tooMuch)
    const { result = null, error } = parsed(told) ?? { error: whyNothing(end, stderr) }
    if (error !== undefined) throw new Error(error + printed(stdout))
    return { result, stdout }
  } finally {
    signal.removeEventListener('abort', kill)
    kill()
  }
}

/** How the process ended; rejects when it could not be started. */
function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`${unavailable}: ${cause.message}`, { cause })))
    child.once('close', (code, by) => resolve(by === null ? `with code ${code}` : `by ${by}`))
  })
}

async function gathered(stream: Readable, most: number, overflow: () => void): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= most) chunks.push(chunk)
    else overflow()
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The code itself may have written there, whatever it liked. */
function parsed(told: string): { result?: unknown; error?: string } | undefined {
  try {
    const value = parseExact(told)
    if (typeof value !== 'object' || value === null) return undefined
    if ('error' in value) return { error: String(value.error) }
    return 'result' in value ? { result: value.result } : undefined
  } catch {
    return undefined
  }
}

function whyNothing(end: string, stderr: string): string {
  const said = stderr.trim().slice(-1_000)
  if (said.startsWith('bwrap:')) return `${unavailable}: ${said}`
  return `the code ended ${end} and left no result${said === '' ? '' : `: ${said}`}`
}

function printed(stdout: string): string {
  return stdout === '' ? '' : `\nIt had printed: ${stdout.slice(-1_000)}`
}

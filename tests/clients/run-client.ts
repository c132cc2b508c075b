import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { dyingWithParent } from '@longhaul/provision'

type Options = {
  cwd: string
  env: Record<string, string>
  /** The text of its standard input. */
  input?: string
  signal: AbortSignal
}

/**
 * Runs a command line client to its end and resolves with its standard output. Rejects with its standard error when it
 * fails. It and the processes that it starts end with `signal`.
 */
export async function runClient(
  command: string[],
  { cwd, env, input = '', signal }: Options,
): Promise<string> {
  const [program = '', ...words] = [...(await dyingWithParent()), ...command]
  const child = spawn(program, words, {
    cwd,
    // Some clients read the working directory there.
    env: { ...process.env, PWD: cwd, ...env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  function end(): void {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  }
  signal.addEventListener('abort', end, { once: true })
  try {
    child.stdin.end(input)
    const [[code], output, errors] = await Promise.all([
      once(child, 'close') as Promise<[number | null]>,
      text(child.stdout),
      text(child.stderr),
    ])
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${errors}\n${output}`)
    return output
  } finally {
    signal.removeEventListener('abort', end)
  }
}

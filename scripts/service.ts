import { spawn } from 'node:child_process'
import { open, readFile, stat } from 'node:fs/promises'
import { dyingWithParent, endLeftover, recordProcess } from '@longhaul/provision'

export type Service = {
  name: string
  /** Settles with the exit status or the signal when the process has ended. */
  exited: Promise<string>
  /** The last lines of its log since this start, in readable form. */
  lastWords: () => Promise<string[]>
  /** Sends SIGTERM, and SIGKILL if it does not end in time. True if it ended by itself. */
  stop: (ms: number) => Promise<boolean>
  kill: () => void
}

type Options = { name: string; main: string; env: NodeJS.ProcessEnv; data: string }

/** Runs one of the apps in a process group of its own. Its output goes to `<data>/<name>.log`. */
export const startService = async ({ name, main, env, data }: Options): Promise<Service> => {
  const note = `${data}/${name}.pid`
  await endLeftover(note)
  const log = `${data}/${name}.log`
  const begin = await sizeOf(log)
  const output = await open(log, begin > 10_000_000 ? 'w' : 'a')
  const words = [...(await dyingWithParent()), process.execPath, main]
  const child = spawn(words[0] ?? process.execPath, words.slice(1), {
    env,
    stdio: ['ignore', output.fd, output.fd],
    // Ctrl-C reaches every process of the terminal's group, but only the supervisor should receive it.
    detached: true,
  })
  const { promise: exited, resolve } = Promise.withResolvers<string>()
  child.once('exit', (code, signal) => resolve(signal ?? `status ${code}`))
  child.once('error', (error) => resolve(error.message))
  await output.close()
  if (child.pid !== undefined) await recordProcess(note, child.pid)

  // The group may still contain children of the process.
  const kill = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // The group is already gone.
    }
  }
  const stop = async (ms: number) => {
    child.kill('SIGTERM')
    let inTime = true
    const late = setTimeout(() => {
      inTime = false
      kill()
    }, ms)
    await exited
    clearTimeout(late)
    kill()
    await endLeftover(note)
    return inTime
  }
  const lastWords = async () => {
    const text = (await readFile(log)).subarray(begin > 10_000_000 ? 0 : begin).toString()
    return text.trimEnd().split('\n').slice(-4).map(readable)
  }
  return { name, exited, lastWords, stop, kill }
}

const sizeOf = async (file: string) =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  )

const readable = (line: string) => {
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } }
    return [msg, err?.message].filter(Boolean).join(': ')
  } catch {
    return line
  }
}

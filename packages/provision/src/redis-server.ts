import { spawn, type ChildProcess } from 'node:child_process'
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { dyingWithParent } from './dying-with-parent.ts'
import { freePort } from './free-port.ts'
import { endLeftover, recordProcess } from './leftover.ts'
import { redisAnswers } from './redis-answers.ts'
import type { RedisBinary } from './redis-binary.ts'

export type RunningRedis = {
  url: string
  port: number
  /** Undefined for a Redis in a container. */
  pid: number | undefined
  /** Resolves with the signal or the status when the server has exited. */
  exited: Promise<string>
  /** Sends SIGKILL. The data is then as after a power failure. */
  kill: () => Promise<void>
  stop: () => Promise<void>
}

// The settings on which Longhaul's guarantees depend: a write survives a crash, and no key is evicted.
export const durable = [
  ['--appendonly', 'yes'],
  ['--appendfsync', 'everysec'],
  ['--save', ''],
  ['--maxmemory-policy', 'noeviction'],
].flat()

// The settings that save memory. A hash is one block of memory while each of its values is at most this long, instead
// of 64 bytes. A stream reserves this much for its first entries, instead of 4 KB.
export const compact = [
  ['--hash-max-listpack-value', '4096'],
  ['--stream-node-max-bytes', '512'],
].flat()

type Launch = {
  dir: string
  port: number | undefined
  flags: string[]
  /** A prefix of the command that changes how it runs, such as `env`. */
  under: string[]
  signal: AbortSignal | undefined
}

export const startServer = async (
  binary: RedisBinary,
  { dir, port, flags, under, signal }: Launch,
): Promise<RunningRedis> => {
  // Two servers would corrupt one append-only file.
  await endLeftover(noteIn(dir))
  // A free port may be taken before the launch. Any other port is acceptable.
  for (let tries = port === undefined ? 5 : 1; ; tries -= 1) {
    try {
      const free = port ?? (await freePort()) ?? 0
      return await launch(binary, { dir, port: free, flags, under, signal })
    } catch (error) {
      if (tries === 1 || !/Address already in use/.test(String(error))) throw error
    }
  }
}

const launch = async (
  { command, libraries }: RedisBinary,
  { dir, port, flags, under, signal }: Launch & { port: number },
): Promise<RunningRedis> => {
  const log = join(dir, 'redis.log')
  const address = ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir]
  const words = [
    ...(await dyingWithParent()),
    ...under,
    command,
    ...address,
    ...durable,
    ...compact,
    ...flags,
  ]
  const output = await open(log, 'w')
  const child = spawn(words[0] ?? command, words.slice(1), {
    // A file instead of a pipe, because Redis may outlive the reader of a pipe.
    stdio: ['ignore', output.fd, output.fd],
    // Redis leaves the terminal's process group: Ctrl-C must not stop it before the processes that use it.
    detached: true,
    env: { ...process.env, ...(libraries && { LD_LIBRARY_PATH: libraries }) },
  })
  const exited = ending(child)
  await output.close()
  const gone = exited.then(async (how) => {
    const last = (await readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-2)
    throw new Error(`redis-server ended with ${how} while starting: ${last.join(' | ')}`)
  })
  gone.catch(() => {})
  const end = async (name: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(name)
    await exited
  }
  try {
    if (child.pid !== undefined) await recordProcess(noteIn(dir), child.pid)
    await Promise.race([redisAnswers(port, { pid: child.pid, signal }), gone])
  } catch (error) {
    await end('SIGKILL')
    throw error
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: child.pid,
    exited,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM')
      await rm(noteIn(dir), { force: true })
    },
  }
}

const noteIn = (dir: string) => join(dir, 'redis.pid')

const ending = (child: ChildProcess) => {
  const { promise, resolve: settle } = Promise.withResolvers<string>()
  child.once('exit', (code, signal) => settle(signal ?? `status ${code}`))
  child.once('error', (error) => settle(error.message))
  return promise
}

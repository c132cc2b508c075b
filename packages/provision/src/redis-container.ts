import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { promisify } from 'node:util'
import { redisAnswers } from './redis-answers.ts'
import { compact, durable, type RunningRedis } from './redis-server.ts'

const image = 'redis:8-alpine'

type Options = {
  dir: string
  port: number | undefined
  flags: string[]
  signal: AbortSignal | undefined
}

export const startContainer = async ({
  dir,
  port,
  flags,
  signal,
}: Options): Promise<RunningRedis> => {
  const name = `longhaul-redis-${hash('sha256', dir).slice(0, 12)}`
  await docker(['rm', '--force', name]).catch(() => undefined)
  const user = `${process.getuid?.() ?? 999}:${process.getgid?.() ?? 999}`
  console.error(`longhaul: starting Redis in a container (${image}) …`)
  await docker(
    ['run', '--detach', '--name', name, '--user', user, '--volume', `${dir}:/data`],
    ['--publish', `127.0.0.1:${port ?? ''}:6379`],
    [image, 'redis-server', '--dir', '/data', ...durable, ...compact, ...flags],
  )
  const published = Number((await docker(['port', name, '6379/tcp'])).split(':').at(-1))
  const exited = docker(['wait', name]).then(
    (status) => `status ${status}`,
    (error: unknown) => String(error),
  )
  const end = async (verb: 'kill' | 'stop') => {
    await docker([verb, name]).catch(() => undefined)
    await exited
    await docker(['rm', '--force', name]).catch(() => undefined)
  }
  try {
    await redisAnswers(published, { signal })
  } catch (error) {
    const log = await docker(['logs', '--tail', '2', name]).catch(() => '')
    await end('kill')
    throw new Error(`Redis did not start in its container: ${log}`, { cause: error })
  }
  return {
    url: `redis://127.0.0.1:${published}`,
    port: published,
    pid: undefined,
    exited,
    kill: () => end('kill'),
    stop: () => end('stop'),
  }
}

const run = promisify(execFile)

const docker = async (...words: string[][]) => (await run('docker', words.flat())).stdout.trim()

/** Whether a Docker engine answers. A `docker` on PATH does not guarantee that. */
export const dockerAnswers = async () => {
  const version = run('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 3_000 })
  return version.then(
    ({ stdout }) => /^\d/.test(stdout),
    () => false,
  )
}

import type { AppProcess } from '@longhaul/testbed/servers'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { start } from '../product.ts'
import { until } from '../until.ts'
import { type CpuProfile, timesByPackage } from './cpu-profile.ts'

const preload = new URL('./profiler-preload.ts', import.meta.url).href

/** A process of the product whose main thread can be profiled once. */
export type ProfiledProcess = AppProcess & {
  /** Profiles it while `work` runs. Returns microseconds by package. */
  profile: (work: () => Promise<void>) => Promise<[string, number][]>
}

type Options = { redisUrl: string; folder: string; env: Record<string, string> }

/** Starts a process that writes its profile into `folder`. */
export async function startProfiled(
  app: 'api' | 'worker',
  { redisUrl, folder, env }: Options,
): Promise<ProfiledProcess> {
  const file = join(folder, `${app}.cpuprofile`)
  const profiling = { NODE_OPTIONS: `--import=${preload}`, PROFILE_FILE: file }
  const started = await start(app, redisUrl, { env: { ...env, ...profiling } })
  const toggle = () => process.kill(started.pid, 'SIGUSR2')
  return {
    ...started,
    async profile(work) {
      toggle()
      // The profiler needs a moment to start.
      await sleep(200)
      await work()
      toggle()
      await until(() => Promise.resolve(existsSync(file)))
      return timesByPackage(JSON.parse(await readFile(file, 'utf8')) as CpuProfile)
    },
  }
}

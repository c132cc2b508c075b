import { type AppProcess, type Installation, startApp } from '../processes/app-process.ts'

type App = 'api' | 'worker'
export type Env = Record<string, string>

/** The environment of a process, or a function that makes it of the process's name and its other variables. */
export type EnvOf = Env | ((name: string, already: Env) => Env | Promise<Env>)

/** A process of a cluster. The processes of one app are numbered in the order of their starts: `worker-1`. */
export type ClusterProcess = AppProcess & {
  app: App
  name: string
  /** Whether `kill` was called. */
  isKilled(): boolean
  /** Sends a signal unless the process has ended. */
  send: (signal: NodeJS.Signals) => void
  /** Sends SIGSTOP: the process stops until `resume`. */
  pause(): void
  resume(): void
}

type Options = {
  /** The environment of every process. */
  baseEnv: Env
  env: EnvOf
  /** The version to start; this one by default. */
  installation?: Installation | undefined
  /** Called when a process has ended by itself, without `kill` or `stop`. */
  onLoss?: ((lost: ClusterProcess, code: number | null) => void) | undefined
}

export type ProcessManager = ReturnType<typeof createProcessManager>

/** Starts and ends the API and worker processes of a cluster. */
export function createProcessManager({ baseEnv, env, installation, onLoss }: Options) {
  const processes: Record<App, ClusterProcess[]> = { api: [], worker: [] }
  const started = { api: 0, worker: 0 }
  const logs = new Map<string, string[]>()
  const ownEnvs = new Map<ClusterProcess, EnvOf>()

  async function start(app: App, more: EnvOf = {}): Promise<ClusterProcess> {
    const child = await launch(app, more)
    processes[app].push(child)
    return child
  }

  async function launch(app: App, more: EnvOf): Promise<ClusterProcess> {
    started[app] += 1
    const name = `${app}-${started[app]}`
    const whole = await extendEnv(await extendEnv(baseEnv, env, name), more, name)
    const child = await startApp(app, whole, installation && { installation })
    const own = asClusterProcess(child, { app, name, onLoss })
    logs.set(name, child.log)
    ownEnvs.set(own, more)
    return own
  }

  function all(): ClusterProcess[] {
    return [...processes.api, ...processes.worker]
  }

  return {
    apis: processes.api,
    workers: processes.worker,
    /** The log of every process so far, by name. */
    logs: logs as ReadonlyMap<string, string[]>,
    start,
    all,

    /** Kills a process and starts another one with the same environment. */
    async restart(old: ClusterProcess): Promise<ClusterProcess> {
      await old.kill()
      const fresh = await launch(old.app, ownEnvs.get(old) ?? {})
      const list = processes[old.app]
      const at = list.indexOf(old)
      if (at === -1) list.push(fresh)
      else list[at] = fresh
      return fresh
    },

    /** Kills these processes and removes them from the cluster. */
    async killUnobserved(ending: ClusterProcess[]): Promise<void> {
      await Promise.all(ending.map((each) => each.kill()))
      for (const list of Object.values(processes)) {
        list.splice(0, list.length, ...list.filter((each) => !ending.includes(each)))
      }
    },
  }
}

type Known = { app: App; name: string; onLoss: Options['onLoss'] }

function asClusterProcess(child: AppProcess, { app, name, onLoss }: Known): ClusterProcess {
  let isEnding = false
  let isKilled = false
  function send(signal: NodeJS.Signals): void {
    if (child.alive()) process.kill(child.pid, signal)
  }
  const own: ClusterProcess = {
    ...child,
    app,
    name,
    kill() {
      isEnding = true
      isKilled = true
      return child.kill()
    },
    stop() {
      isEnding = true
      return child.stop()
    },
    isKilled: () => isKilled,
    send,
    pause: () => send('SIGSTOP'),
    resume: () => send('SIGCONT'),
  }
  void watch()
  return own

  async function watch(): Promise<void> {
    const code = await child.exited
    if (!isEnding) onLoss?.(own, code)
  }
}

async function extendEnv(already: Env, more: EnvOf, name: string): Promise<Env> {
  return { ...already, ...(typeof more === 'function' ? await more(name, already) : more) }
}

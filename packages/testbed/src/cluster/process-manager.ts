import { type AppProcess, type Installation, startApp } from '../processes/app-process.ts'

type App = 'api' | 'worker'
export type Env = Record<string, string>

/** The environment of a process, or what makes it of the name that the process gets and of what it has already. */
export type EnvOf = Env | ((name: string, already: Env) => Env | Promise<Env>)

/** A process of a cluster. Those of one app are numbered in the order of their starts: `worker-1`. */
export type ClusterProcess = AppProcess & {
  app: App
  name: string
  /** Whether `kill` was called. */
  isKilled(): boolean
  /** Sends it a signal, unless it has ended. */
  send: (signal: NodeJS.Signals) => void
  /** SIGSTOP: it stands still until `resume`. */
  pause(): void
  resume(): void
}

type Options = {
  /** What every process has in its environment. */
  baseEnv: Env
  env: EnvOf
  /** The version that is started: this one unless another is given. */
  installation?: Installation | undefined
  /** Called when a process has ended that nobody has killed or stopped. */
  onLoss?: ((lost: ClusterProcess, code: number | null) => void) | undefined
}

export type ProcessManager = ReturnType<typeof createProcessManager>

/** Starts and ends API and worker processes, and knows those that are its own. */
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
    /** The log of every process there ever was, by its name. */
    logs: logs as ReadonlyMap<string, string[]>,
    start,
    all,

    /** Kills a process and starts another one with the same environment in its place. */
    async restart(old: ClusterProcess): Promise<ClusterProcess> {
      await old.kill()
      const fresh = await launch(old.app, ownEnvs.get(old) ?? {})
      const list = processes[old.app]
      const at = list.indexOf(old)
      if (at === -1) list.push(fresh)
      else list[at] = fresh
      return fresh
    },

    /** Kills these, and forgets them. */
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

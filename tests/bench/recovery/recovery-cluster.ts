import {
  type ClusterProcess,
  type RecordedRequest,
  startCluster,
  startScriptedModel,
  testKey,
} from '@longhaul/testbed/servers'
import { startBenchRedis } from '../measure/bench-redis.ts'
import { request } from '../product.ts'
import { until } from '../until.ts'

export type WorkerProcess = ClusterProcess

/** One model request of a task: the worker that sent it, and the step. */
export type Asked = { worker: string; step: string; request: RecordedRequest }

/**
 * `hangs`: the first call gets no answer, the second one ends the turn. `steps`: several short calls with a
 * tool between. `short`: one call that is answered at once.
 */
export type Kind = 'hangs' | 'steps' | 'short'

export type RecoveryCluster = Awaited<ReturnType<typeof startRecoveryCluster>>

/** How many calls a turn of steps has, and how long each takes. */
export const steps = { count: 8, ms: 500 }

/** The running product, with a model that recognises each worker by its key. */
export async function startRecoveryCluster(
  atEnd: (step: () => unknown) => void,
  env: Record<string, string>,
) {
  const redis = await startBenchRedis()
  atEnd(() => redis.stop())
  const askedOf = new Map<string, Asked[]>()
  const model = await startScriptedModel({
    decide(asked) {
      const [, task = '', step = ''] =
        /^resp_(\w{26})\d{4}\.(\d+)$/.exec(asked.idempotencyKey ?? '') ?? []
      const worker = (asked.headers.authorization ?? '').replace('Bearer ', '')
      const before = askedOf.get(task) ?? []
      askedOf.set(task, [...before, { worker, step, request: asked }])
      const call = { id: `call_${step}`, name: 'current_date' }
      const kind = kindOf(asked)
      if (kind === 'steps' && Number(step) < steps.count) return { delay: steps.ms, calls: [call] }
      return kind === 'hangs' && before.length === 0 ? { fault: 'hang' } : { text: 'done' }
    },
  })
  atEnd(() => model.close())

  const cluster = await startCluster({
    redisUrl: redis.url,
    model,
    workers: 0,
    env: (name) => ({ ...env, LONGHAUL_API_KEYS: `bench:${testKey}`, OPENAI_API_KEY: name }),
  })
  atEnd(() => cluster.kill())

  async function post(path: string, body: unknown): Promise<Record<string, unknown>> {
    const sent = { method: 'POST', headers: request.headers, body: JSON.stringify(body) }
    const reply = await fetch(cluster.url + path, sent)
    const text = await reply.text()
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${text}`)
    return JSON.parse(text) as Record<string, unknown>
  }
  await post('/v2/agents', {
    key: 'bench',
    role: 'Assistant',
    description: 'Takes its time.',
    instructions: 'Take your time.',
    path: 'Default',
    model: 'openai/scripted',
    settings: { tools: [{ type: 'current_date' }] },
  })

  /** Submits a turn, and returns its task after the first model request. */
  async function submit(kind: Kind): Promise<string> {
    const message = { role: 'user', parts: [{ kind: 'text', text: kind }] }
    const { task_id: id } = await post(request.path, { background: true, message })
    const task = String(id)
    await until(async () => await Promise.resolve(askedOf.has(task)))
    return task
  }

  return {
    submit,
    askedOf: (task: string): Asked[] => askedOf.get(task) ?? [],

    startWorker: (): Promise<WorkerProcess> => cluster.startWorker(),

    /** Gives a new worker its first turn, as code runs slowly the first time. */
    async warmUp({ name }: WorkerProcess): Promise<void> {
      while (askedOf.get(await submit('short'))?.[0]?.worker !== name);
    },

    /** The tasks whose latest call this worker sent. */
    heldBy: ({ name }: WorkerProcess, tasks: Iterable<string>): string[] =>
      [...tasks].filter((task) => askedOf.get(task)?.at(-1)?.worker === name),

    /** The last call of a worker for a task, and the next one, which another worker makes. */
    async handOver(task: string, { name }: WorkerProcess): Promise<{ last: Asked; next: Asked }> {
      const { promise, resolve } = Promise.withResolvers<{ last: Asked; next: Asked }>()
      await until(async () => {
        const asked = askedOf.get(task) ?? []
        const at = asked.findLastIndex(({ worker }) => worker === name)
        const [last, next] = asked.slice(at, at + 2)
        if (last !== undefined && next !== undefined) resolve({ last, next })
        return await Promise.resolve(next !== undefined)
      })
      return await promise
    },
  }
}

function kindOf({ body }: RecordedRequest): unknown {
  return body.messages?.findLast(({ role }) => role === 'user')?.content
}

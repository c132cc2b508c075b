import { type AppProcess, startApp } from './processes.ts'
import { type ScriptedModel, startScriptedModel } from './scripted-model.ts'

/** The product as it runs: API and worker processes over a real Redis, with a scripted vendor behind `openai/`, `anthropic/` and `google/`. */
export type Stack = {
  url: string
  key: string
  model: ScriptedModel
  api: AppProcess
  workers: AppProcess[]
  startWorker(env?: Record<string, string>): Promise<AppProcess>
  /** A further API process, beside the one at `url`. */
  startApi(env?: Record<string, string>): Promise<AppProcess>
  /** A request with the key that its path needs, and a JSON body; `body` of the answer is parsed where it is JSON. */
  call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Record<string, unknown> }>
  stop(): Promise<void>
}

export const testKey = 'lh_0123456789abcdef_for-tests-only'
export const testOperatorKey = 'an-operator-key-for-tests-only'

/** The key that a path of the API needs. */
export function keyFor(path: string): string {
  return /^\/v2\/admin(?:[/?]|$)/.test(path) ? testOperatorKey : testKey
}

type Options = { redisUrl: string; workers?: number; env?: Record<string, string> }

export async function startStack({ redisUrl, workers = 1, env = {} }: Options): Promise<Stack> {
  const model = await startScriptedModel()
  const common = {
    REDIS_URL: redisUrl,
    LONGHAUL_API_KEYS: `test:${testKey}`,
    LONGHAUL_OPERATOR_KEY: testOperatorKey,
    OPENAI_BASE_URL: model.url,
    OPENAI_API_KEY: 'sk-test',
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: 'sk-ant-test',
    GOOGLE_BASE_URL: model.googleUrl,
    GOOGLE_API_KEY: 'test',
    LONGHAUL_UNSAFE_REDIS: '1',
    ...env,
  }
  const started: AppProcess[] = []
  const further: AppProcess[] = []
  const startWorker = async (more: Record<string, string> = {}) => {
    const worker = await startApp('worker', { ...common, ...more })
    started.push(worker)
    return worker
  }
  const startApi = async (more: Record<string, string> = {}) => {
    const another = await startApp('api', { ...common, ...more })
    further.push(another)
    return another
  }
  const [api] = await Promise.all([
    startApp('api', common),
    ...Array.from({ length: workers }, () => startWorker()),
  ])
  return {
    url: api.url,
    key: testKey,
    model,
    api,
    workers: started,
    startWorker,
    startApi,
    async call(method, path, body) {
      const response = await fetch(api.url + path, {
        method,
        headers: { authorization: `Bearer ${keyFor(path)}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
    },
    async stop() {
      await Promise.all([api, ...started, ...further].map((each) => each.stop()))
      await model.close()
    },
  }
}

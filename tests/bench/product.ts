import {
  type AppProcess,
  type Installation,
  startApp,
  testKey,
  testOperatorKey,
} from '@longhaul/testbed/servers'

const text = 'Please summarise what was said about delivery. '.repeat(16)
const fields = {
  variables: { customer: 'Ada', plan: 'pro', seats: 12 },
  thread: { id: 'thread-0001', tags: ['support'] },
  metadata: { source: 'bench', region: 'eu' },
}

/** A request of about 1 KB, like that of a client with some context. */
export const request = {
  path: '/v2/agents/bench/responses',
  headers: { authorization: `Bearer ${testKey}`, 'content-type': 'application/json' },
  text,
  fields,
  body: JSON.stringify({
    message: { role: 'user', parts: [{ kind: 'text', text }] },
    ...fields,
    background: true,
  }),
}

/** Starts one process of the product like an operator: its log goes through a pipe. */
export async function start(
  app: 'api' | 'worker',
  redisUrl: string,
  {
    installation,
    env: more,
  }: { installation?: Installation | undefined; env?: Record<string, string> } = {},
): Promise<AppProcess> {
  const { BENCH_NODE_OPTIONS: nodeOptions } = process.env
  const env = {
    REDIS_URL: redisUrl,
    LONGHAUL_API_KEYS: `bench:${testKey}`,
    LONGHAUL_OPERATOR_KEY: testOperatorKey,
    LOG_LEVEL: 'info',
    // For profiles: `--cpu-prof --cpu-prof-dir=…`.
    ...(nodeOptions === undefined ? {} : { NODE_OPTIONS: nodeOptions }),
    ...more,
  }
  const started = await startApp(app, env, installation && { installation })
  started.discardLog()
  return started
}

/** Creates the agent `bench`. The model `demo/instant` answers in the worker, without a request. */
export async function createAgent(
  url: string,
  {
    model = 'demo/instant',
    tools = [],
    key = testKey,
  }: { model?: string; tools?: object[]; key?: string } = {},
): Promise<void> {
  const agent = {
    key: 'bench',
    role: 'Assistant',
    description: 'Answers at once.',
    instructions: 'Answer in one sentence.',
    path: 'Default',
    model,
    settings: { tools },
  }
  await post(`${url}/v2/agents`, agent, key)
}

export async function submit(url: string): Promise<void> {
  await post(url + request.path, JSON.parse(request.body))
}

/** Runs one task to its end, and returns the path under which it is read. */
export async function runToEnd(url: string): Promise<string> {
  const parts = [{ kind: 'text', text }]
  const reply = await post(url + request.path, { ...fields, message: { role: 'user', parts } })
  const { task_id: taskId, id = taskId } = reply as { task_id?: string; id?: string }
  return `${request.path}/${id}`
}

/** Pauses or resumes the start of turns by workers. */
export async function pause(url: string, paused: boolean): Promise<void> {
  const headers = { authorization: `Bearer ${testOperatorKey}` }
  const path = `/v2/admin/${paused ? 'pause' : 'resume'}`
  const reply = await fetch(url + path, { method: 'POST', headers })
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`)
}

async function post(url: string, body: unknown, key = testKey): Promise<unknown> {
  const headers = { ...request.headers, authorization: `Bearer ${key}` }
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  const answer = await reply.text()
  if (!reply.ok) throw new Error(`${url} answered ${reply.status}: ${answer}`)
  return JSON.parse(answer)
}

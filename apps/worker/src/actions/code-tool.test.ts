import { workerTest } from '@longhaul/testbed'
import { readdir, readFile } from 'node:fs/promises'
import { expect } from 'vitest'

const test = workerTest
  /** Submits a turn that runs code. Resolves with a function that reads its task. */
  .extend('submit', ({ cluster }) => async (key: string, tool: object) => {
    const settings = { tools: [{ type: 'code', key, description: 'd', ...tool }] }
    const { status } = await cluster.call('POST', '/v2/agents', {
      key,
      role: 'clerk',
      description: 'd',
      instructions: 'i',
      path: 'tests',
      model: 'openai/scripted',
      settings,
    })
    expect(status).toBe(201)
    const script = [{ calls: [{ id: 'c1', name: key, arguments: {} }] }, { text: 'done' }]
    const message = { role: 'user', parts: [{ kind: 'text', text: JSON.stringify({ script }) }] }
    const path = `/v2/agents/${key}/responses`
    const { body } = await cluster.call('POST', path, { background: true, message })
    const task = `${path}/${String(body['task_id'])}`
    return {
      task,
      status: async () => (await cluster.call('GET', task)).body['status'],
      readableFacts: () =>
        cluster.model.requests.at(-1)?.body.messages?.findLast(({ role }) => role === 'tool')
          ?.content,
    }
  })

const slow = {
  code_tool: { language: 'python', code: 'import time\ntime.sleep(1)\nresult = "slept"' },
}

test('code whose worker is killed ends with it, and is run again', async ({ cluster, submit }) => {
  const { status, readableFacts: reported } = await submit('sleeper', slow)
  const worker = await cluster.startWorker()
  await expect.poll(() => worker.log.join('\n')).toContain('code tools are ready')
  const [sandbox = 0] = await untilSandbox(worker.pid)
  await worker.kill()
  await expect.poll(() => readProcess(sandbox)).toBeUndefined()

  await cluster.expireLeases()
  await cluster.startWorker()
  await expect.poll(status).toBe('completed')
  expect(reported()).toBe('{"result":"slept"}')
})

test('code that must not be repeated is not run again: the model receives an unknown outcome', async ({
  cluster,
  submit,
}) => {
  const { status, readableFacts: reported } = await submit('once', { ...slow, on_crash: 'fail' })
  const worker = await cluster.startWorker()
  await untilSandbox(worker.pid)
  await worker.kill()
  await cluster.expireLeases()
  await cluster.startWorker()
  await expect.poll(status).toBe('completed')
  expect(reported()).toContain('the outcome is unknown')
})

test('a cancelled turn ends its code', async ({ cluster, submit }) => {
  const code = { code_tool: { language: 'python', code: 'while True: pass' }, timeout: 100 }
  const { task, status } = await submit('endless', code)
  const worker = await cluster.startWorker()
  await untilSandbox(worker.pid)
  await cluster.call('POST', `${task}/cancel`)
  await expect.poll(status).toBe('failed')
  await expect.poll(() => sandboxesOf(worker.pid)).toEqual([])
})

test('a worker without a sandbox reports it, and the turn continues', async ({
  cluster,
  submit,
}) => {
  const { status, readableFacts: reported } = await submit('nowhere', slow)
  const worker = await cluster.startWorker({ LONGHAUL_PYTHON: '/no/python' })
  await expect.poll(() => worker.log.join('\n')).toContain('code tools cannot run')
  await expect.poll(status).toBe('completed')
  expect(reported()).toBe('code cannot be run here: there is no Python at /no/python')
})

async function untilSandbox(worker: number): Promise<number[]> {
  await expect.poll(() => sandboxesOf(worker)).toHaveLength(1)
  return await sandboxesOf(worker)
}

/** The processes of this worker that have a sandbox. */
async function sandboxesOf(worker: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(pids.map(readProcess))
  return pids.filter((_, at) => found[at]?.name === 'bwrap' && found[at].parent === worker)
}

/** Undefined if the process has ended. */
async function readProcess(pid: number): Promise<{ name: string; parent: number } | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const [, name = '', state = 'Z', parent] = /\((.*)\) (\S) (\d+)/.exec(stat) ?? []
  return state === 'Z' ? undefined : { name, parent: Number(parent) }
}

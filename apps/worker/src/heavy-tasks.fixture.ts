import { type Stack, startScriptedServer } from '@longhaul/testing'
import { expect } from 'vitest'
import { completed, scripted, submit, test as base } from './plain.fixture.ts'

const path = '/v2/agents/heavy/responses'
const MB = 1024 * 1024

/** `stack` has an agent `heavy`, too, whose one tool returns almost 1 MB, each time another text. */
export const test = base
  .extend('service', { scope: 'file' }, async ({}, { onCleanup }) => {
    const service = await startScriptedServer()
    onCleanup(() => service.close())
    let served = 0
    service.reply(() => {
      service.requests.length = 0
      served += 1
      return { body: String(served).padEnd(0.95 * MB, 'x') }
    })
    return service
  })
  .extend('heavy', { scope: 'file' }, async ({ workspace, service }) => {
    const http = { blueprint: { url: service.url, method: 'GET' } }
    const tool = { key: 'fetch', path: 'tests', type: 'http', description: 'fetches', http }
    expect((await workspace.call('POST', '/v2/tools', tool)).status).toBe(200)
    const { status } = await workspace.call('POST', '/v2/agents', {
      key: 'heavy',
      role: 'r',
      description: 'd',
      instructions: 'i',
      path: 'tests',
      model: 'openai/scripted',
      settings: { tools: [{ type: 'http', key: 'fetch' }] },
    })
    expect(status).toBe(201)
    return workspace
  })

/** Runs so many tasks with so many large results each, and plain ones beside them; resolves with how many these were. */
export async function runHeavy(
  stack: Stack,
  { tasks, results }: { tasks: number; results: number },
): Promise<number> {
  const calls = Array.from({ length: results }, (_, at) => ({ name: 'fetch', id: `c${at}` }))
  const body = { background: true, ...scripted([{ calls }, { text: 'I have read it all' }]) }
  const submitted = Array.from({ length: tasks }, () => stack.call('POST', path, body))
  const heavy = (await Promise.all(submitted)).map((reply) => String(reply.body['task_id']))
  let plain = 0
  for (; (await endedOf(stack, heavy)).length < tasks / 2; plain += 1) {
    await completed(stack, await submit(stack, [{ text: 'meanwhile' }]))
  }
  await expect.poll(() => endedOf(stack, heavy)).toEqual(heavy.map(() => 'completed'))
  return plain
}

/** The statuses of those that have ended. */
async function endedOf(stack: Stack, ids: string[]): Promise<unknown[]> {
  const found = await Promise.all(ids.map((id) => stack.call('GET', `${path}/${id}`)))
  return found.map(({ body }) => body['status']).filter((status) => status !== 'in_progress')
}

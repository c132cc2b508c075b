import { startStack, type Stack, test as base } from '@longhaul/testing'
import fc from 'fast-check'
import { expect } from 'vitest'
import { newAgent, newKey } from '../journeys/new-agent.ts'
import { createDescribed } from './described.ts'
import { readOperations } from './document.ts'
import { type Pools, requestsTo, type Sent } from './requests.ts'

const test = base.extend('stack', { scope: 'file' }, async ({ redisUrl }, { onCleanup }) => {
  const stack = await startStack({ redisUrl })
  onCleanup(() => stack.stop())
  return stack
})

const atOnce = 16
const numRuns = 2_000 / atOnce

test('whatever is sent, the reply is one that the document describes, and no failure of ours', async ({
  stack,
}) => {
  const operations = (await readOperations(stack.url)).filter(({ path }) => path !== '/metrics')
  const described = createDescribed()
  const seen = new Map(operations.map(({ operationId }) => [operationId, new Set<string>()]))

  const stock = await stockOf(stack)
  const requests = fc.oneof(
    ...operations.map((operation) => {
      const { operationId } = operation
      const fresh = (body: object) => ({ ...body, ...stock.fresh(operationId, body) })
      const pools = stock.pools(operationId)
      // The more there is to vary, the more often.
      const weight = operation.requestBody ? 4 : operation.parameters ? 2 : 1
      return { weight, arbitrary: requestsTo(operation, { pools, fresh }) }
    }),
  )

  const property = fc.asyncProperty(
    fc.array(requests, { minLength: atOnce, maxLength: atOnce }),
    async (batch) => {
      await Promise.all(
        batch.map(async (sent) => {
          const received = await send(stack, sent)
          const problem =
            received.status >= 500 ? received.text : described(sent.operation, received)
          if (problem !== undefined)
            throw new Error(`${show(sent)}\n${received.status}: ${problem}`)
          seen.get(sent.operation.operationId)?.add(received.status < 400 ? 'taken' : 'refused')
        }),
      )
    },
  )
  // A failure prints the seed, by which `{ seed, path }` repeats it.
  await fc.assert(property, { numRuns, endOnFailure: true })
  for (const [operationId, kinds] of seen) {
    const expected = operationId.endsWith('z') ? ['taken'] : ['refused', 'taken']
    expect([operationId, ...[...kinds].toSorted()]).toEqual([operationId, ...expected])
  }
}, 120_000)

async function send(stack: Stack, { operation, path, authorized, body }: Sent) {
  const response = await fetch(stack.url + path, {
    method: operation.method,
    headers: {
      authorization: `Bearer ${authorized ? stack.key : 'nobody'}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
  })
  const type = response.headers.get('content-type')
  return { status: response.status, type, text: await response.text() }
}

function show({ operation, path, authorized, body }: Sent): string {
  return `${operation.method} ${path}${authorized ? '' : ' (no key)'}\n${body ?? '(no body)'}`
}

/** What the requests can name: agents that answer at once, others to be changed, and some to be deleted. */
async function stockOf(stack: Stack) {
  const agent = async () => {
    const body = { ...newAgent(), model: 'demo/instant' }
    return (await stack.call('POST', '/v2/agents', body)).body as { _id: string; key: string }
  }
  const tool = async () => {
    const body = { key: newKey('tool'), path: 'a', description: 'b', type: 'function' }
    const made = await stack.call('POST', '/v2/tools', { ...body, function: { name: 'f' } })
    return made.body as { _id: string; key: string }
  }
  const many = <T>(make: () => Promise<T>) => Promise.all(Array.from({ length: 40 }, make))
  const [speaker, changed, used] = [await agent(), await agent(), await tool()]
  const [goingAgents, goingTools] = [await many(agent), await many(tool)]
  const message = { role: 'user', parts: [{ kind: 'text', text: 'Hello.' }] }
  const path = `/v2/agents/${speaker.key}/responses`
  const turns = await many(async () => (await stack.call('POST', path, { message })).body)
  const tasks = turns.map(({ task_id: task }) => String(task))

  const pools: Pools = {
    agent_key: [speaker.key, speaker._id, `${speaker.key}@1.0.0`],
    tool_id: [used.key, used._id],
    task_id: tasks,
    version_id: ['1.0.0', `${used._id}@1.0.0`],
    starting_after: [speaker._id, used._id, '1.0.0'],
    ending_before: [changed._id, used._id, '9.0.0'],
    include: ['messages'],
  }
  const special: Record<string, Pools> = {
    updateAgent: { agent_key: [changed.key] },
    deleteAgent: { agent_key: goingAgents.map(({ key }) => key) },
    deleteTool: { tool_id: goingTools.map(({ key }) => key) },
  }
  let last = 0
  return {
    pools: (operationId: string): Pools => ({ ...pools, ...special[operationId] }),
    /** What makes a right body meet the stock: a key that is free, a task that exists. */
    fresh(operationId: string, body: object): object {
      last += 1
      if (operationId === 'createAgent' || operationId === 'createTool') {
        return 'key' in body && last % 4 > 0 ? { key: `made-n${last}` } : {}
      }
      if (operationId === 'createResponse' && 'task_id' in body) {
        return { task_id: tasks[last % tasks.length] }
      }
      return {}
    },
  }
}

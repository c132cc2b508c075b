import { describe, expect } from 'vitest'
import type { Client } from './client.ts'
import { type MadeTask, message, pathOf } from './make-tasks.ts'
import { secretHeader } from './make-registries.ts'
import { live } from './paths.ts'
import { kindsOf, written } from './key-kinds.ts'
import { readKeys } from './snapshot.ts'
import { ended, test } from './upgraded.fixture.ts'
import { waitFor } from './wait-for.ts'

const goesOn = { status: 'completed', finish_reason: 'stop' }
const said = expect.stringContaining('It went on.')

describe('the data of the version before', () => {
  test('is served in the same replies', async ({ before, client }) => {
    for (const { path, status, text } of before.replies) {
      // The version before had no path for a task without an agent.
      if (path.includes('/agents/-/')) continue
      const reply = await client.send('GET', path)
      const is = { path, status: reply.status, text: comparable(reply.text) }
      expect(is).toEqual({ path, status, text: comparable(text) })
    }
  })

  test('is watched with an old watch token', async ({ cluster, made: { tasks, watchToken } }) => {
    const path = `${pathOf(tasks.completed)}/events?after=0&token=`
    const read = async (token: string) => await fetch(cluster.url + path + token)
    const reply = await read(watchToken)
    expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('Today.')])
    expect((await read(watchToken.replaceAll(/[0-8]/g, '9'))).status).toBe(401)
  })

  test('has the task of a repeated request', async ({ client, made: { tasks } }) => {
    const send = (text: string) =>
      client.send(
        'POST',
        '/v2/agents/helper/responses',
        { background: true, message: message([{ text }]) },
        { 'idempotency-key': 'a-key-of-a-caller' },
      )
    expect(await send('Once.')).toMatchObject({
      status: 200,
      body: { task_id: tasks.repeated.task, _id: tasks.repeated.response },
    })
    expect((await send('Twice.')).status).toBe(422)
  })
})

describe('a turn that the version before has begun', () => {
  test.for(['queued', 'waiting', 'dying', 'parent'] as const)(
    'continues: %s',
    async (name, { client, worker, cluster, made: { tasks } }) => {
      expect(worker.alive()).toBe(true)
      expect(await ended(client, tasks[name])).toMatchObject({ status: 'completed' })
      const keys = cluster.model.requests.map(({ idempotencyKey }) => idempotencyKey)
      expect(keys).toContain(`${tasks[name].response}.${name === 'parent' ? 2 : 1}`)
    },
  )

  test('reads the result of its sub-agent', async ({ client, worker, made: { tasks } }) => {
    expect(worker.alive()).toBe(true)
    const text = JSON.stringify(await ended(client, tasks.parent))
    expect(text).toContain('Forty-two.')
  })

  test('repeats its model call when its pause is over', async ({
    client,
    worker,
    made: { tasks },
  }) => {
    expect(worker.alive()).toBe(true)
    expect(await ended(client, tasks.parked)).toMatchObject(goesOn)
  })

  test('makes its call once it is approved, with the old secret', async ({
    client,
    worker,
    service,
    made: { tasks },
  }) => {
    expect(worker.alive()).toBe(true)
    await client.made('POST', `${pathOf(tasks.rejected)}/reviews/p1`, { review: 'rejected' })
    expect(await ended(client, tasks.rejected)).toMatchObject(goesOn)
    expect(service.requests).toEqual([])
    await client.made('POST', `${pathOf(tasks.approval)}/reviews/p1`, { review: 'approved' })
    expect(await ended(client, tasks.approval)).toMatchObject(goesOn)
    expect(service.requests).toMatchObject([
      { body: '{"sum":900}', headers: { authorization: secretHeader } },
    ])
  })

  test('stops after a cancel request', async ({ client, worker, made: { tasks } }) => {
    expect(worker.alive()).toBe(true)
    const body = await ended(client, tasks.stopping)
    expect(body['error']).toEqual(expect.stringMatching(/^cancelled/))
  })

  test('is redriven when due', async ({ client, worker, made: { tasks } }) => {
    expect(worker.alive()).toBe(true)
    const body = await waitFor(async () => {
      const found = await ended(client, tasks.scheduled)
      return found['status'] === 'completed' ? found : undefined
    })
    expect(body).toMatchObject({ ...goesOn, _id: `resp_${tasks.scheduled.task}0002` })
  })
})

describe('a task that the version before has ended', () => {
  test.for(['completed', 'repeated', 'streamed', 'large', 'cancelled', 'echoed'] as const)(
    'takes a next turn: %s',
    async (name, { client, worker, cluster, made: { tasks } }) => {
      expect(worker.alive()).toBe(true)
      const { agent, task } = tasks[name]
      const next = { task_id: task, message: message([{ text: 'It went on.' }]) }
      const body = await client.made('POST', `/v2/agents/${agent}/responses`, next)
      expect(body).toMatchObject({ task_id: task, finish_reason: 'stop' })
      expect(JSON.stringify(body['output'])).toEqual(said)
      const users = cluster.model.requests
        .findLast(({ idempotencyKey }) => idempotencyKey?.includes(task))
        ?.body.messages?.filter(({ role }) => role === 'user')
      // A message without an answer is not sent to the model again.
      expect(users).toHaveLength(name === 'cancelled' ? 1 : 2)
    },
  )

  test('takes the results of its functions', async ({ client, worker, made: { tasks } }) => {
    expect(worker.alive()).toBe(true)
    const parts = [{ kind: 'tool_result', tool_call_id: 'w1', result: 'sunny' }]
    const body = await client.made('POST', '/v2/agents/clerk/responses', {
      task_id: tasks.pending.task,
      message: { role: 'tool', parts },
    })
    expect(JSON.stringify(body['output'])).toEqual(said)
  })

  test('is redriven when it failed', async ({ client, worker, made: { tasks } }) => {
    expect(worker.alive()).toBe(true)
    const { body } = await client.send('POST', `/v2/admin/tasks/${tasks.failed.task}/redrive`)
    expect(body).toMatchObject({ response_id: `resp_${tasks.failed.task}0002` })
    expect(await ended(client, tasks.failed)).toMatchObject(goesOn)
  })

  test.for([
    ['hiding', ['first-word', 'deleted-word', 'third-word']],
    ['fork', ['first-word', 'deleted-word', 'fork-word']],
    ['adapted', ['Hello']],
    ['bare', ['Hello']],
  ] as const)(
    'continues in the other dialect: %s',
    async ([name, words], { client, worker, cluster, made: { tasks } }) => {
      expect(worker.alive()).toBe(true)
      const { task, response } = tasks[name]
      const model = name === 'bare' ? 'openai/scripted' : 'agent/helper'
      const asked = { model, input: 'Go on.', previous_response_id: response }
      const body = await client.made('POST', '/v1/responses', asked)
      expect(body).toMatchObject({ status: 'completed', id: expect.stringContaining(task) })
      const read = JSON.stringify(cluster.model.requests.at(-1)?.body.messages)
      for (const word of words) expect(read).toContain(word)
      const items = await client.send('GET', `/v1/responses/${String(body['id'])}/input_items`)
      expect(items.text).not.toContain('deleted-word')
    },
  )

  test('continues by the name of its conversation', async ({ client, worker, made: { tasks } }) => {
    expect(worker.alive()).toBe(true)
    const asked = { model: 'agent/helper', input: 'three', conversation: 'a-conversation' }
    const { id } = await client.made('POST', '/v1/responses', asked)
    expect(id).toBe(`resp_${tasks.conversation.task}0003`)
  })
})

test('a task is purged when its retention is over', async ({
  client,
  worker,
  own,
  made: { tasks },
}) => {
  expect(worker.alive()).toBe(true)
  expect(await own.zadd('{lh:s0}:forget', 'XX', 'CH', 1, tasks.gone.task)).toBe(1)
  const status = async () => (await client.send('GET', pathOf(tasks.gone))).status
  await expect.poll(status).toBe(404)
})

test('only keys and fields of known kinds are written', async ({ own, before, worker }) => {
  expect(worker.alive()).toBe(true)
  const known = new Set([...kindsOf(before.keys), ...written])
  const kinds = kindsOf(await readKeys(own))
  expect([...kinds].filter((kind) => !known.has(kind))).toEqual([])
})

test('all tasks can be deleted, and then the doctor finds nothing', async ({
  client,
  worker,
  made: { tasks },
}) => {
  expect(worker.alive()).toBe(true)
  const own = Object.values(tasks).filter(({ agent }) => !['-', 'gone'].includes(agent))
  for (const task of own) await remove(client, task)
  await client.made('DELETE', `/v1/responses/${tasks.bare.response}`)
  const list = await client.made('GET', '/v2/responses?limit=200')
  const left = (list['data'] as { task_id: string }[]).map(({ task_id: task }) => task)
  expect(left).not.toEqual(expect.arrayContaining(own.map(({ task }) => task)))
  const findings = async () => {
    return (await client.made('GET', '/v2/admin/doctor?limit=1000'))['findings']
  }
  // The jobs of the dead worker run once more, and find that their turns have ended.
  await expect.poll(findings).toEqual([])
})

test('every task is either ended or named as live', ({ before }) => {
  const names = Object.keys(before.made.tasks)
  expect([...live].filter((name) => !names.includes(name))).toEqual([])
})

async function remove(client: Client, task: MadeTask): Promise<void> {
  await client.made('DELETE', pathOf(task))
  expect((await client.send('GET', pathOf(task))).status).toBe(404)
}

/**
 * Removes what must differ: every request has an id of its own, the times of agents are read from their ids, which
 * stay as they were, a checksum counts the times, and items of responses have other ids since then.
 */
function comparable(text: string): string {
  return (
    text
      // OpenAI Responses names the errors of failed turns in OpenAI's own terms since then, with an event of their own.
      .replaceAll(/event: error\n.*\n\n/g, '')
      .replaceAll(/("type":"response.failed","sequence_number":)\d+/g, '$1')
      .replaceAll(/("object":"response".*?"error":)(?:null|\{[^}]*\})/g, '$1""')
      // Turns that wait tell what for since then.
      .replaceAll(/,"waiting":\{[^{}]*\}/g, '')
      .replaceAll(/"(request_id|created|checksum)":("[^"]+"|\d+)/g, '"$1":""')
      .replaceAll(/"(id|item_id|first_id|last_id)":"(msg|rs|fc|fco|mcp)_[^"]+"/g, '"$1":"$2_"')
  )
}

import { describe, expect } from 'vitest'
import { test as base } from '../../support/openai-test.ts'
import { user } from '../../support/orq-requests.ts'

/** A task with three turns, and a fork of its second; the second response was deleted. */
const test = base.extend('made', async ({ openai, agent, cluster }) => {
  const model = `agent/${agent}`
  const say = (input: string, previous?: string) =>
    openai.responses.create(
      { model, input, ...(previous !== undefined && { previous_response_id: previous }) },
      { headers: { 'idempotency-key': `${agent}-${input}` } },
    )
  const first = await say('first-word')
  const second = await say('gone-word', first.id)
  const third = await say('third-word', second.id)
  const fork = await say('fork-word', second.id)
  const responses = `/v2/agents/${agent}/responses`
  const task = first.id.slice(5, 31)
  const read = async (path: string, headers?: Record<string, string>) => {
    const reply = await fetch(cluster.url + path, {
      headers: headers ?? { authorization: `Bearer ${cluster.key}` },
    })
    return { status: reply.status, text: await reply.text() }
  }
  expect(fork.id).not.toContain(task)
  expect((await read(`${responses}/${task}/log`)).text).toContain('gone-word')
  await openai.responses.delete(second.id)
  return { first, second, third, fork, task, responses, say, read }
})

describe('a response that was deleted', () => {
  test('is in no view of its task', async ({ made, cluster }) => {
    const { task, responses, first, third, read } = made
    const { body } = await cluster.call('POST', `${responses}/${task}/watch-token`, {})
    const views = [
      `${responses}/${task}`,
      `${responses}/${task}?include=messages`,
      `${responses}/${third.id}?include=messages&format=orq`,
      `${responses}/${task}/log`,
      `${responses}/${task}/log?after=0&limit=1`,
      `${responses}/${task}/events`,
      `${responses}/${task}/events?after=0`,
      `${responses}/${first.id}/events`,
      `${responses}/${task}/events?token=${String(body['token'])}&after=0`,
      responses,
      '/v2/responses',
      `/v1/responses/${third.id}`,
      `/v1/responses/${third.id}?stream=true`,
      `/v1/responses/${third.id}/input_items`,
      '/v2/reviews',
    ]
    for (const view of views) {
      const { status, text } = await read(view, view.includes('token=') ? {} : undefined)
      expect([view, status]).toEqual([view, 200])
      expect([view, text]).not.toEqual([view, expect.stringContaining('gone-word')])
    }
    const { text } = await read(`${responses}/${task}?include=messages`)
    expect(text).toContain('first-word')
    expect(text).toContain('third-word')
  })

  test('is left out of the pages of the log, which continue after it', async ({
    made,
    cluster,
  }) => {
    const { task, responses } = made
    const facts: { id: number; turn: number }[] = []
    let more = true
    while (more) {
      const after = facts.at(-1)?.id ?? 0
      const { body } = await cluster.call('GET', `${responses}/${task}/log?limit=3&after=${after}`)
      const data = body['data'] as { id: number; turn: number }[]
      expect(data.length).toBeGreaterThan(0)
      facts.push(...data)
      more = body['has_more'] === true
    }
    expect(new Set(facts.map(({ turn }) => turn))).toEqual(new Set([1, 3]))
    const { body: whole } = await cluster.call('GET', `${responses}/${task}/log`)
    const { body: rest } = await cluster.call(
      'GET',
      `${responses}/${task}/log?after=${String((whole['data'] as { id: number }[]).at(-1)?.id)}`,
    )
    expect(facts.filter(({ turn }) => turn === 1)).toEqual(whole['data'])
    expect(facts.filter(({ turn }) => turn === 3)).toEqual(rest['data'])
  })

  test('is skipped by a stream that continues after the turn before', async ({ made }) => {
    const { task, responses, first, read } = made
    const { text } = await read(`${responses}/${first.id}/events`)
    const last = /.*^id: (\d+)$/ms.exec(text)?.[1] ?? ''
    const rest = await read(`${responses}/${task}/events?after=${last}`)
    expect(rest.text).toContain('third-word')
    expect(rest.text).toContain('[DONE]')
    expect(rest.text).not.toContain('gone-word')
  })

  test('is in no view of a fork, but the model still reads it', async ({ made, cluster }) => {
    const { fork, responses, say, read } = made
    const task = fork.id.slice(5, 31)
    const views = [
      `${responses}/${task}?include=messages`,
      `${responses}/${task}/log`,
      `${responses}/${task}/events?after=0`,
      `/v1/responses/${fork.id}/input_items`,
    ]
    for (const view of views) {
      const { status, text } = await read(view)
      expect([view, status]).toEqual([view, 200])
      expect([view, text]).not.toEqual([view, expect.stringContaining('gone-word')])
    }
    await say('next-word', fork.id)
    expect(JSON.stringify(cluster.model.requests.at(-1)?.body.messages)).toContain('gone-word')
  })

  test('is not in the reply to a next turn, but the model still reads it', async ({
    made,
    cluster,
  }) => {
    const { task, responses } = made
    const { status, body } = await cluster.call('POST', `${responses}?include=messages`, {
      ...user('next-word'),
      task_id: task,
    })
    expect(status).toBe(200)
    expect(JSON.stringify(body)).toContain('third-word')
    expect(JSON.stringify(body)).not.toContain('gone-word')
    expect(JSON.stringify(cluster.model.requests.at(-1)?.body.messages)).toContain('gone-word')
  })

  test('is not returned for its Idempotency-Key', async ({ made }) => {
    const { say, first } = made
    await expect(say('gone-word', first.id)).rejects.toMatchObject({ status: 409 })
  })

  test('that was the latest is not shown for its task', async ({ made, openai, cluster }) => {
    const { task, responses, third, read } = made
    await openai.responses.delete(third.id)
    for (const path of [
      `${responses}/${task}`,
      `${responses}/${task}?format=openai`,
      `${responses}/${task}/input_items`,
      `/v1/responses/${task}`,
      `/v1/responses/${third.id}`,
      `${responses}/${task}/events`,
      `${responses}/${third.id}/events`,
    ]) {
      expect([path, (await read(path)).status]).toEqual([path, 404])
    }
    expect((await cluster.call('POST', `${responses}/${task}/cancel`, {})).status).toBe(404)
    const { text } = await read(`${responses}/${task}/events?after=0`)
    expect(text).toContain('first-word')
    const log = await read(`${responses}/${task}/log`)
    expect(log.text).toContain('first-word')
    expect(log.text).not.toContain('third-word')
    expect(JSON.parse(log.text)).toMatchObject({ has_more: false })
  })
})

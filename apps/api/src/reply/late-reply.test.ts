import { request } from 'node:http'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { LonghaulError } from '@longhaul/core'
import { expect, test } from 'vitest'
import type { Route } from '../route.ts'
import { doc, serve, withKey } from '../http/test-server.fixture.ts'
import { beginLateReply } from './late-reply.ts'

test('the head of a late reply is sent at once, then white space, then the body', async () => {
  const large = { data: Array.from({ length: 40 }, () => 'x'.repeat(9_000)) }
  for (const body of [{ a: 1 }, large]) {
    const ended = Promise.withResolvers<void>()
    const { url } = await serve([late(body, ended.promise)])
    const asked = request(`${url}/v2/late`, { headers: withKey }).end()
    const [reply] = (await once(asked, 'response')) as [AsyncIterable<Buffer>]
    expect(reply).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'application/json; charset=utf-8', 'x-accel-buffering': 'no' },
    })
    let text = ''
    for await (const chunk of reply) {
      text += chunk.toString()
      if (text.length >= 3) ended.resolve()
    }
    expect(text.slice(0, 3)).toBe('   ')
    expect(JSON.parse(text)).toEqual(body)
  }
})

test('an error after the head is the body', async () => {
  const route: Route = {
    method: 'get',
    path: '/v2/late',
    doc,
    async handle({ response }) {
      beginLateReply(response, { everyMs: 1 })
      await sleep(20)
      throw new LonghaulError('not_found', 'It was deleted.')
    },
  }
  const { url } = await serve([route])
  const reply = await fetch(`${url}/v2/late`, { headers: withKey })
  expect(reply.status).toBe(200)
  expect(await reply.json()).toMatchObject({
    error: { code: 'not_found', message: 'It was deleted.', type: 'invalid_request_error' },
  })
})

test('white space is not written any more when the client has disconnected', async () => {
  const begun = Promise.withResolvers<{ destroyed: boolean }>()
  const route: Route = {
    method: 'get',
    path: '/v2/late',
    doc,
    async handle({ response }) {
      beginLateReply(response, { everyMs: 1 })
      begun.resolve(response)
      await once(response, 'close')
      return undefined
    },
  }
  const { url } = await serve([route])
  const asked = request(`${url}/v2/late`, { headers: withKey }).end()
  asked.on('error', () => {})
  await once(asked, 'response')
  const response = await begun.promise
  asked.destroy()
  await expect.poll(() => response.destroyed).toBe(true)
})

function late(body: object, ended: Promise<void>): Route {
  return {
    method: 'get',
    path: '/v2/late',
    doc,
    async handle({ response }) {
      const end = beginLateReply(response, { everyMs: 10 })
      await ended
      end()
      return { status: 200, large: true, owed: true, body }
    },
  }
}

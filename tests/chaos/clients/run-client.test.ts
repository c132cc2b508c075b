import { type ServedReply, startScriptedServer } from '@longhaul/testbed/servers'
import { expect, onTestFinished, test } from 'vitest'
import { runClient } from './run-client.ts'
import { script } from '../evidence/valid-evidence.fixture.ts'

test('a client repeats a refused request, also one with a task’s id, and follows its task to the end', async ({
  signal,
}) => {
  const api = await startScriptedServer()
  onTestFinished(() => api.close())
  const replies: ServedReply[] = [
    { status: 503, body: { message: 'full' } },
    { status: 503, body: { message: 'away', task_id: 'maybe' } },
    {
      status: 429,
      body: { message: 'limit' },
      headers: { 'retry-after': '1', 'retry-after-ms': '700' },
    },
    { body: { task_id: 'it', _id: 'resp_it0001', status: 'in_progress' } },
    { body: { task_id: 'it', _id: 'resp_it0001', status: 'completed' } },
  ]
  api.reply(() => replies.shift() ?? { status: 500 })
  const seen = await runClient(
    { ...script, mode: 'background' },
    {
      urls: [api.url],
      key: 'k',
      run: 'r',
      signal,
      onRequest: () => Promise.reject(new Error('it is not cancelled')),
    },
  )
  expect(api.requests.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST', 'POST', 'GET'])
  expect(seen).toMatchObject({
    ids: [{ taskId: 'it', responseId: 'resp_it0001' }],
    repeats: 3,
    replies: [],
    surprises: [],
    submissions: [
      { status: 503 },
      { status: 503, named: true },
      { status: 429 },
      { status: 200, named: true },
    ],
  })
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startScriptedModel } from './scripted-model.ts'

type Message = { role: string; content: string }

async function ask(url: string, messages: Message[], key = 'k'): Promise<string> {
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ model: 'm', messages, stream: true }),
  })
  const body = await response.text()
  const pieces = [...body.matchAll(/"content":"([^"]*)"/g)].map((match) => match[1])
  return `${response.status} ${pieces.join('')}`
}

function user(content: string): Message {
  return { role: 'user', content }
}
const assistant = { role: 'assistant', content: 'x' }

test('a conversation without a script is echoed', async () => {
  const model = await startScriptedModel()
  expect(await ask(model.url, [user('good day')])).toBe('200 You said: good day')
  expect(model.requests[0]).toMatchObject({ idempotencyKey: 'k', status: 'answered' })
  await model.close()
})

test('a conversation can contain its script, with one entry for each answer', async () => {
  const model = await startScriptedModel()
  const script = user('{"script":[{"text":"one"},[{"status":500},{"text":"two"}]]}')
  const before = [user('hello'), assistant]
  expect(await ask(model.url, [...before, script], 'a')).toBe('200 one')
  expect(await ask(model.url, [...before, script, assistant], 'b')).toBe('500 ')
  expect(await ask(model.url, [...before, script, assistant], 'b')).toBe('200 two')
  expect(await ask(model.url, [...before, script, assistant, assistant], 'c')).toBe(
    '200 The script is over.',
  )
  await model.close()
})

test.each([
  ['Anthropic', '/v1/messages', anthropicBody],
  ['Google', '/v1beta/models/m:streamGenerateContent?alt=sse', googleBody],
])('%s is spoken too, with the same scripts', async (_, path, bodyOf) => {
  const model = await startScriptedModel()
  async function post(turns: Turn[]): Promise<string> {
    const response = await fetch(new URL(path, model.url), {
      method: 'POST',
      body: JSON.stringify(bodyOf(turns)),
    })
    const pieces = [...(await response.text()).matchAll(/"text":"([^"]+)"/g)].map(
      ([, text]) => text,
    )
    return `${response.status} ${pieces.join('')}`
  }
  const script: Turn = ['user', '{"script":[{"text":"one"},{"text":"two"},{"status":500}]}']
  const answered: Turn[] = [
    ['assistant', 'x'],
    ['tool', 'y'],
  ]
  expect(await post([['user', 'good day']])).toBe('200 You said: good day')
  expect(await post([['user', 'a'], ['assistant', 'b'], script])).toBe('200 one')
  expect(await post([script, ...answered])).toBe('200 two')
  expect(await post([script, ...answered, ...answered])).toBe('500 ')
  expect(model.requests.map((request) => request.path)).toEqual(Array(4).fill(path))
  await model.close()
})

type Turn = ['user' | 'assistant' | 'tool', string]

function anthropicBody(turns: Turn[]): unknown {
  return {
    messages: turns.map(([role, text]) => ({
      role: role === 'assistant' ? role : 'user',
      content: [role === 'tool' ? { type: 'tool_result', content: text } : { type: 'text', text }],
    })),
  }
}

function googleBody(turns: Turn[]): unknown {
  return {
    contents: turns.map(([role, text]) => ({
      role: role === 'assistant' ? 'model' : 'user',
      parts: [role === 'tool' ? { functionResponse: { response: text } } : { text }],
    })),
  }
}

test('queued replies come first, then those of the function', async () => {
  const model = await startScriptedModel({
    decide: ({ body }) => (body.messages?.length === 2 ? { text: 'decided' } : undefined),
  })
  model.reply([{ text: 'first' }, { status: 429 }])
  expect(await ask(model.url, [user('a')])).toBe('200 first')
  expect(await ask(model.url, [user('a')])).toBe('429 ')
  expect(await ask(model.url, [user('a'), user('b')])).toBe('200 decided')
  expect(await ask(model.url, [user('a')])).toBe('200 You said: a')
  await model.close()
})

test('it runs as a process of its own, with a log over HTTP', async () => {
  const main = fileURLToPath(new URL('scripted-model-main.ts', import.meta.url))
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const { url } = JSON.parse(line) as { url: string }
  expect(await ask(url, [user('hi')])).toBe('200 You said: hi')
  const log = await fetch(new URL('/requests', url))
  expect(await log.json()).toMatchObject([{ idempotencyKey: 'k', status: 'answered' }])
  child.kill('SIGTERM')
  const [code] = (await once(child, 'exit')) as [number | null]
  expect(code).toBe(0)
})

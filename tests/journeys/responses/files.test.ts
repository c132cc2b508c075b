import { startScriptedServer } from '@longhaul/testbed'
import { expect } from 'vitest'
import { test as base } from '../../support/orq-test.ts'
import { ask, script, textOf } from '../../support/orq-requests.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const pdf = Buffer.from('%PDF-1.4\n%a small one\n')

const test = base.extend('service', { scope: 'file' }, async ({}, { onCleanup }) => {
  const service = await startScriptedServer()
  onCleanup(() => service.close())
  return service
})

const path = (agent: string) => `/v2/agents/${agent}/responses`
const seen = [
  { type: 'text', text: JSON.stringify({ script: [{ text: 'a dot' }] }) },
  { type: 'image_url', image_url: { url: `data:image/png;base64,${png.toString('base64')}` } },
]

test('an inline image reaches the model', async ({ orq, agent, cluster }) => {
  const { message } = script({ text: 'a dot' })
  const file = { bytes: png.toString('base64'), mimeType: 'image/png', name: 'dot.png' }
  const parts = [...message.parts, { kind: 'file' as const, file }]
  const reply = await ask(orq, agent, { message: { ...message, role: 'user', parts } })
  expect(textOf(reply)).toBe('a dot')
  expect(cluster.model.requests.at(-1)?.body.messages?.at(-1)?.content).toEqual(seen)
})

test('an image by URL is fetched once, and all later turns see that version', async ({
  orq,
  agent,
  cluster,
  service,
}) => {
  service.requests.length = 0
  service.reply(() => ({ body: png, headers: { 'content-type': 'image/png' } }))
  const { message } = script({ text: 'a dot' })
  const file = { uri: `${service.url}/dot.png`, mimeType: 'image/png' }
  const parts = [...message.parts, { kind: 'file' as const, file }]
  const reply = await ask(orq, agent, { message: { ...message, role: 'user', parts } })
  expect(cluster.model.requests.at(-1)?.body.messages?.at(-1)?.content).toEqual(seen)

  service.reply(() => ({ body: 'gone', status: 410 }))
  await ask(orq, agent, { ...script({ text: 'still' }), taskId: reply.taskId })
  const messages = cluster.model.requests.at(-1)?.body.messages ?? []
  expect(messages.find(({ role }) => role === 'user')?.content).toEqual(seen)
  expect(service.requests).toHaveLength(1)
})

test('a document goes to the model with its name', async ({ agent, cluster }) => {
  const parts = [
    { kind: 'file', file: { bytes: pdf.toString('base64'), name: 'terms.pdf' } },
    { kind: 'text', text: JSON.stringify({ script: [{ text: 'read' }] }) },
  ]
  const { status } = await cluster.call('POST', path(agent), { message: { role: 'user', parts } })
  expect(status).toBe(200)
  expect(cluster.model.requests.at(-1)?.body.messages?.at(-1)?.content).toMatchObject([
    { type: 'file', file: { filename: 'terms.pdf' } },
    { type: 'text' },
  ])
})

test.for([
  ['is not there', '404', { status: 404 }],
  ['is no kind that models read', 'no PNG', { body: '<html>' }],
] as const)('a file that %s ends the turn', async ([, why, reply], { agent, cluster, service }) => {
  service.reply(() => reply)
  const parts = [{ kind: 'file', file: { uri: `${service.url}/x`, name: 'x.png' } }]
  const { status, body } = await cluster.call('POST', path(agent), {
    message: { role: 'user', parts },
  })
  expect(status).toBe(422)
  expect(body).toMatchObject({ error: { code: 'file_unavailable' } })
  expect(body['message']).toContain(why)
  const { body: read } = await cluster.call('GET', `${path(agent)}/${String(body['task_id'])}`)
  expect(read).toMatchObject({ status: 'failed' })
})

test('a file at an address that is not public is not fetched', async ({ agent, cluster }) => {
  const parts = [{ kind: 'file', file: { uri: 'http://169.254.169.254/latest/meta-data' } }]
  const { status, body } = await cluster.call('POST', path(agent), {
    message: { role: 'user', parts },
  })
  expect(status).toBe(422)
  expect(body['message']).toContain('not public')
})

test.for([
  ['bytes that are no base64', { bytes: '!!!' }, 'message.parts[0].file.bytes'],
  ['bytes of another kind', { bytes: 'aGVsbG8=' }, 'message.parts[0].file.bytes'],
  ['another scheme', { uri: 'file:///etc/passwd' }, 'message.parts[0].file.uri'],
  ['credentials', { uri: 'https://a:b@c.example/d.png' }, 'message.parts[0].file.uri'],
  ['neither bytes nor an address', { name: 'x' }, 'message.parts[0].file'],
] as const)('a file with %s is refused', async ([, file, field], { agent, cluster }) => {
  const message = { role: 'user', parts: [{ kind: 'file', file }] }
  const { status, body } = await cluster.call('POST', path(agent), { message })
  expect(status).toBe(400)
  expect(body['errors']).toMatchObject([{ path: field }])
})

test('images and files of the other dialect are handled the same way, also those of prior messages', async ({
  agent,
  cluster,
  service,
}) => {
  service.reply(() => ({ body: png, headers: { 'content-type': 'image/png' } }))
  const image = { type: 'input_image', image_url: `${service.url}/dot.png`, detail: 'low' }
  const data = `data:application/pdf;base64,${pdf.toString('base64')}`
  const document = { type: 'input_file', filename: 'terms.pdf', file_data: data }
  const bare = { type: 'input_file', file_data: pdf.toString('base64') }
  const question = { type: 'input_text', text: JSON.stringify({ script: [{ text: 'a dot' }] }) }
  const input = [
    { role: 'user', content: [image] },
    { role: 'assistant', content: 'A dot.' },
    { role: 'user', content: [document, bare, question] },
  ]
  const sent = (given: object[]) =>
    cluster.call('POST', '/v1/responses', { model: `agent/${agent}`, input: given })
  expect(await sent(input)).toMatchObject({ status: 200, body: { status: 'completed' } })
  const [, first, , last] = cluster.model.requests.at(-1)?.body.messages ?? []
  expect(first?.content).toEqual([seen[1]])
  const file = { file_data: data }
  expect(last?.content).toMatchObject([
    { type: 'file', file: { ...file, filename: 'terms.pdf' } },
    { type: 'file', file },
    { type: 'text' },
  ])

  for (const [content, at] of [
    [{ type: 'input_file', file_data: 'bm90IGEgZmlsZQ==' }, ''],
    [{ type: 'input_image', image_url: 'data:image/png,plain' }, '.image_url'],
    [{ type: 'input_image', file_id: 'file_1' }, '.file_id'],
    [{ type: 'input_file' }, ''],
  ] as const) {
    const refused = await sent([...input, { role: 'user', content: [question, content] }])
    const errors = [{ path: `input[3].content[1]${at}` }]
    expect([at, refused]).toMatchObject([at, { status: 400, body: { errors } }])
  }
})

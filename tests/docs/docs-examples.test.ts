import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test as plain } from 'vitest'
import { blocksOf, documents, read, runnable } from './documents.ts'
import { runExamples, test } from './examples.fixture.ts'

const run = promisify(execFile)

describe.each([...documents])('%s', (_, text) => {
  plain('has only tested blocks, and valid JSON', () => {
    const known = new Set(['sh', 'json', 'ts', 'js', 'python', 'text'])
    expect(blocksOf(text).filter(({ language }) => !known.has(language))).toEqual([])
    const json = blocksOf(text).filter(({ language }) => language === 'json')
    for (const { code } of json) expect(JSON.parse(code)).toBeTypeOf('object')
  })
})

const guides = [...documents]
  .filter(([file, text]) => file.startsWith('docs/') && runnable(text, 'sh').length > 0)
  .map(([file]) => file)
  // Its examples start a process each: they run in the long lane.
  .filter((file) => file !== 'docs/guides/command-line.md')

plain('the guides have examples', () => {
  expect(guides.length).toBeGreaterThanOrEqual(10)
})

test.for(guides)('the examples of %s work as pasted into a shell', async (file, { env }) => {
  await runExamples(file, env)
})

test('the page of docs/guides/streaming.md watches a task to its end', async ({ env }) => {
  const [sample, ...more] = runnable(read('docs/guides/streaming.md'), 'js')
  expect(more).toEqual([])
  const page = [browser, sample, 'await watch()'].join('\n')
  const flags = ['--experimental-eventsource', '--input-type=module', '-e', page]
  const { stdout } = await run(process.execPath, flags, { env })
  const types = stdout.trim().split('\n')
  expect([types[0], types.at(-1)]).toEqual(['response.started', 'response.done'])
})

/** The environment of a browser page, and its backend, which has the key and gives it a watch token for a new task. */
const browser = `
const { LONGHAUL_URL: url, LONGHAUL_API_KEY: key } = process.env
const headers = { authorization: 'Bearer ' + key, 'content-type': 'application/json' }
const post = async (path, body) => {
  const reply = await request(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  return await reply.json()
}
const request = fetch
await post('/v2/agents', { key: 'page', role: 'r', description: 'd', instructions: 'i', path: 'p',
  model: 'openai/scripted', settings: {} })
const message = { role: 'user', parts: [{ kind: 'text', text: 'Hello' }] }
const { task_id: task } = await post('/v2/agents/page/responses', { background: true, message })
globalThis.fetch = async () => ({
  json: () => post('/v2/agents/page/responses/' + task + '/watch-token', {}),
})
globalThis.EventSource = class extends EventSource {
  constructor(path) {
    super(url + path)
  }
}
const show = ({ type }) => console.log(type)
`

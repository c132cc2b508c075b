import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { redSquare, test } from './command-line-test.ts'
import { imagesOf, resultsOf, rolesOf } from './vendor-request.ts'

test('codex runs the commands that a model calls, and continues a session', async ({
  codex,
  vendor,
}) => {
  vendor.replies(
    { text: 'I look.', calls: [command('c1', 'cat fish.txt')] },
    { calls: [command('c2', 'wc -w fish.txt')] },
    { text: 'Four words.' },
  )
  expect(await codex.exec('Do it.')).toBe('Four words.')
  expect(vendor.requests()).toHaveLength(3)
  expect(resultsOf(vendor.requests().at(-1))).toEqual([
    expect.stringContaining('one fish, two fish'),
    expect.stringContaining('4 fish.txt'),
  ])

  expect(await codex.exec('resume', '--last', 'Thank you.')).toContain('Thank you.')
  const roles = rolesOf(vendor.requests().at(-1))
  const history = ['user', 'assistant', 'tool', 'assistant', 'tool', 'assistant', 'user']
  expect(roles.slice(roles.indexOf('assistant') - 1)).toEqual(history)
})

test('codex receives an answer that matches its schema', async ({ codex, vendor, folder }) => {
  const schema = {
    type: 'object',
    properties: { words: { type: 'integer' } },
    required: ['words'],
    additionalProperties: false,
  }
  const file = join(folder, 'schema.json')
  await writeFile(file, JSON.stringify(schema))
  vendor.replies({ text: '{"words":4}' })
  expect(JSON.parse(await codex.exec('--output-schema', file, 'How many?'))).toEqual({ words: 4 })
  expect(vendor.requests()[0]?.body['response_format']).toMatchObject({
    type: 'json_schema',
    json_schema: { schema },
  })
})

test('codex sends an image with a message', async ({ codex, vendor }) => {
  expect(await codex.exec('--image', 'red.png', '--', 'What is it?')).toContain('What is it?')
  expect(imagesOf(vendor.requests()[0])).toEqual([`data:image/png;base64,${redSquare}`])
})

test('codex shows a model the image that it calls for', async ({ codex, vendor, folder }) => {
  vendor.replies(
    { calls: [{ id: 'c1', name: 'view_image', arguments: { path: join(folder, 'red.png') } }] },
    { text: 'A red square.' },
  )
  expect(await codex.exec('Do it.')).toBe('A red square.')
  expect(imagesOf(vendor.requests()[1])).toEqual([`data:image/png;base64,${redSquare}`])
})

test('codex runs a tool of a namespace', async ({ codex, vendor }) => {
  const name = 'multi_agent_v1__close_agent'
  vendor.replies({ calls: [{ id: 'c1', name, arguments: { target: 'x' } }] }, { text: 'Done.' })
  expect(await codex.exec('Do it.')).toBe('Done.')
  // Codex knows the tool, and refuses the argument.
  expect(resultsOf(vendor.requests()[1])).toEqual([expect.stringMatching(/^invalid agent id x/)])
})

test('codex patches a file for a model that it knows, whose tools are in an input item', async ({
  codex,
  vendor,
  folder,
}) => {
  const patch = '*** Begin Patch\n*** Add File: birds.txt\n+two birds\n*** End Patch'
  const input = `text(await tools.apply_patch(${JSON.stringify(patch)}))`
  vendor.replies({ calls: [{ id: 'c1', name: 'exec', arguments: { input } }] }, { text: 'Done.' })
  expect(await codex.exec('--model', 'openai/gpt-6.2-sol', 'Do it.')).toBe('Done.')
  expect(await readFile(join(folder, 'birds.txt'), 'utf8')).toBe('two birds\n')
})

function command(id: string, cmd: string) {
  return { id, name: 'exec_command', arguments: { cmd } }
}

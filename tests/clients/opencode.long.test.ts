import { join } from 'node:path'
import { expect } from 'vitest'
import { redSquare, test } from './command-line-test.ts'
import { imagesOf, resultsOf, rolesOf } from './vendor-request.ts'

test('opencode runs the tools that a model calls, and continues a session', async ({
  opencode,
  vendor,
}) => {
  vendor.replies(
    { reasoning: 'Hm.', text: 'I look.', calls: [command('c1', 'cat fish.txt')] },
    { calls: [command('c2', 'wc -w fish.txt')] },
    { text: 'Four words.' },
  )
  expect(await opencode.run('Do it.')).toContain('Four words.')
  expect(vendor.requests()).toHaveLength(3)
  expect(resultsOf(vendor.requests().at(-1))).toEqual([
    expect.stringContaining('one fish, two fish'),
    expect.stringContaining('4 fish.txt'),
  ])

  expect(await opencode.run('Thank you.', '--continue')).toContain('You said: Thank you.')
  const roles = rolesOf(vendor.requests().at(-1))
  const history = ['user', 'assistant', 'tool', 'assistant', 'tool', 'assistant', 'user']
  expect(roles.slice(roles.indexOf('assistant') - 1)).toEqual(history)
})

test('opencode sends an image with a message', async ({ opencode, vendor }) => {
  expect(await opencode.run('What is it?', '--file', 'red.png')).toContain('What is it?')
  expect(imagesOf(vendor.requests()[0])).toEqual([`data:image/png;base64,${redSquare}`])
})

test('opencode shows a model the image that it reads', async ({ opencode, vendor, folder }) => {
  vendor.replies(
    { calls: [{ id: 'c1', name: 'read', arguments: { filePath: join(folder, 'red.png') } }] },
    { text: 'A red square.' },
  )
  expect(await opencode.run('Do it.')).toContain('A red square.')
  expect(imagesOf(vendor.requests()[1])).toEqual([`data:image/png;base64,${redSquare}`])
})

function command(id: string, text: string) {
  return { id, name: 'bash', arguments: { command: text, description: 'Look' } }
}

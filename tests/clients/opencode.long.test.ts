import { expect } from 'vitest'
import { scripted } from '../support/openai-test.ts'
import { redSquare, test as base } from './command-line-test.ts'
import { imagesOf, isForTitle, resultsOf, rolesOf } from './vendor-request.ts'

/** `turns` are the requests to the vendor without those for titles. */
const test = base.extend('turns', ({ cluster }) => {
  cluster.model.reset()
  cluster.model.reply((request) => (isForTitle(request) ? { text: 'Fish' } : undefined))
  return () => cluster.model.requests.filter((request) => !isForTitle(request))
})

test('opencode runs the tools that a model calls, and continues a session', async ({
  opencode,
  turns,
}) => {
  const prompt = scripted(
    { reasoning: 'Hm.', text: 'I look.', calls: [command('c1', 'cat fish.txt')] },
    { calls: [command('c2', 'wc -w fish.txt')] },
    { text: 'Four words.' },
  )
  expect(await opencode.run(prompt)).toContain('Four words.')
  expect(turns()).toHaveLength(3)
  expect(resultsOf(turns().at(-1))).toEqual([
    expect.stringContaining('one fish, two fish'),
    expect.stringContaining('4 fish.txt'),
  ])

  expect(await opencode.run('Thank you.', '--continue')).toContain('You said: Thank you.')
  const roles = rolesOf(turns().at(-1))
  const history = ['user', 'assistant', 'tool', 'assistant', 'tool', 'assistant', 'user']
  expect(roles.slice(roles.indexOf('assistant') - 1)).toEqual(history)
})

test('opencode sends an image with a message', async ({ opencode, turns }) => {
  expect(await opencode.run('What is it?', '--file', 'red.png')).toContain('What is it?')
  expect(imagesOf(turns()[0])).toEqual([`data:image/png;base64,${redSquare}`])
})

function command(id: string, text: string) {
  return { id, name: 'bash', arguments: { command: text, description: 'Look' } }
}

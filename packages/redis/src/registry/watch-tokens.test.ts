import { test } from '@longhaul/testbed'
import { expect } from 'vitest'
import { createWatchTokens } from './watch-tokens.ts'

const opens = (workspace: string) => ({ workspace, agentId: 'a', taskId: 'T1' })

test('a workspace has a limit of watch tokens; one that expires frees capacity', async ({
  redis,
}) => {
  const tokens = createWatchTokens(redis, { watchTokens: 2 })
  await tokens.put('one', opens('acme'), 50)
  await tokens.put('two', opens('acme'), 50_000)
  const more = () => tokens.put('three', opens('acme'), 50_000)
  await expect(more()).rejects.toMatchObject({
    code: 'rate_limited',
    details: { violated_policies: ['watch_tokens'] },
  })
  expect(await tokens.find('three')).toBeUndefined()
  await tokens.put('four', opens('other'), 50_000)
  await expect.poll(() => more().catch(() => 'full')).toBeUndefined()
  expect(await tokens.find('three')).toEqual(opens('acme'))
  expect(await tokens.find('two')).toEqual(opens('acme'))
})

test('a token that is stored twice counts once', async ({ redis }) => {
  const tokens = createWatchTokens(redis, { watchTokens: 1 })
  await tokens.put('one', opens('acme'), 50_000)
  await tokens.put('one', opens('acme'), 50_000)
  expect(await tokens.find('one')).toEqual(opens('acme'))
})

import { startScriptedServer } from '@longhaul/testbed'
import { expect } from 'vitest'
import { inEveryMode } from '../../support/every-mode.ts'
import { test as base } from '../../support/orq-test.ts'
import { newAgent } from '../../support/new-agent.ts'
import { script } from '../../support/orq-requests.ts'

const test = base.extend('site', { scope: 'file' }, async ({}, { onCleanup }) => {
  const site = await startScriptedServer()
  site.reply(() => ({
    headers: { 'content-type': 'text/html' },
    body: '<title>Harbour</title><nav>Menu</nav><h1>Arrivals</h1><p>The Ada at noon.</p>',
  }))
  onCleanup(() => site.close())
  return site
})

test('a page is read in every mode', async ({ orq, cluster, site }) => {
  const settings = { tools: [{ type: 'web_scraper' as const }] }
  const { key } = await orq.agents.create({ ...newAgent(), settings })
  const call = { id: 'c1', name: 'web_scraper', arguments: { url: `${site.url}/arrivals` } }
  const text = 'Arrivals\n\nThe Ada at noon.'
  for (const reported of await inEveryMode(
    { orq, cluster },
    key,
    script({ calls: [call] }, { text: 'At noon.' }),
  )) {
    expect(reported).toMatchObject({
      text: 'At noon.',
      calls: [{ id: 'c1', result: { url: `${site.url}/arrivals`, title: 'Harbour', text } }],
    })
  }
  expect(site.requests.map(({ path }) => path)).toEqual(Array(3).fill('/arrivals'))
})

test('a refusal of the egress guard is a result that the model reads', async ({ orq, cluster }) => {
  const settings = { tools: [{ type: 'web_scraper' as const }] }
  const { key } = await orq.agents.create({ ...newAgent(), settings })
  const call = { id: 'c1', name: 'web_scraper', arguments: { url: 'http://169.254.169.254/' } }
  const turn = script({ calls: [call] }, { text: 'I cannot read it.' })
  for (const reported of await inEveryMode({ orq, cluster }, key, turn)) {
    expect(reported).toMatchObject({
      text: 'I cannot read it.',
      calls: [{ error: expect.stringContaining('not public') }],
    })
  }
})

import type { Peer } from './peer.ts'

const main = `
import { serve } from '@hono/node-server'
import { Agent } from '@mastra/core/agent'
import { Mastra } from '@mastra/core/mastra'
import { MastraServer } from '@mastra/hono'
import { LibSQLStore } from '@mastra/libsql'
import { Hono } from 'hono'

process.on('disconnect', () => process.exit())
const bench = new Agent({
  id: 'bench',
  name: 'bench',
  instructions: 'Answer in one sentence.',
  model: { id: 'custom/bench', url: process.env.OPENAI_BASE_URL, apiKey: 'bench' },
})
const storage = new LibSQLStore({ id: 'bench', url: ':memory:' })
const mastra = new Mastra({ agents: { bench }, storage, logger: false })
const app = new Hono()
await new MastraServer({ app, mastra }).init()
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  process.send('http://127.0.0.1:' + port)
})
`

/** An agent on its server, with LibSQL in memory. It has no request that is answered before the end of the run. */
export const mastra: Peer = {
  name: 'Mastra',
  packages: {
    '@hono/node-server': '1.19.19',
    '@mastra/core': '1.71.0',
    '@mastra/hono': '1.7.9',
    '@mastra/libsql': '1.23.1',
    hono: '4.13.19',
  },
  files: { 'main.mjs': main },
  sync: {
    path: '/api/agents/bench/generate',
    body: (text) => ({ messages: [{ role: 'user', content: text }] }),
  },
}

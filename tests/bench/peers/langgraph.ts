import type { Peer } from './peer.ts'

/** A graph of one model call. */
const graph = `
import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'

async function call({ messages }) {
  const content = String(messages.at(-1).content)
  const reply = await fetch(process.env.OPENAI_BASE_URL + '/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'bench', messages: [{ role: 'user', content }] }),
  })
  const { choices } = await reply.json()
  return { messages: [{ role: 'assistant', content: choices[0].message.content }] }
}

export const graph = new StateGraph(MessagesAnnotation)
  .addNode('call', call)
  .addEdge(START, 'call')
  .addEdge('call', END)
  .compile()
`

const main = `
import { startServer } from '@langchain/langgraph-api/server'

process.on('disconnect', () => process.exit())
const { host } = await startServer({
  port: 0,
  host: '127.0.0.1',
  nWorkers: 10,
  cwd: import.meta.dirname,
  graphs: { bench: './graph.mjs:graph' },
})
process.send('http://' + host)
`

const body = (text: string) => ({
  assistant_id: 'bench',
  input: { messages: [{ role: 'user', content: text }] },
})

/** The server of `langgraphjs dev`, with the number of workers that it has by default. It keeps all runs in memory. */
export const langgraph: Peer = {
  name: 'LangGraph.js',
  packages: {
    '@langchain/core': '1.4.0',
    '@langchain/langgraph': '1.7.3',
    '@langchain/langgraph-api': '1.5.1',
  },
  files: { 'graph.mjs': graph, 'main.mjs': main },
  sync: { path: '/runs/wait', body },
  background: { path: '/runs', body },
  clear: { path: '/internal/truncate', body: { runs: true } },
}

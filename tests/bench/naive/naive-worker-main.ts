import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { naiveTask, type NaiveJob } from './naive-task.ts'

/* The worker of the naive service: it calls the model with `fetch` and keeps each step in the state with one `HSET`. */

type Message = { role: string; content?: string; tool_call_id?: string; tool_calls?: ToolCall[] }
type ToolCall = { id: string; function: { name: string; arguments: string } }
type Completion = {
  choices: { message: { content: string | null; tool_calls?: ToolCall[] } }[]
  usage: object
}

const redis = new Redis(process.env['REDIS_URL'] ?? '', { maxRetriesPerRequest: null })
const tools: Record<string, () => string> = { current_date: () => new Date().toISOString() }

const worker = new Worker<NaiveJob>('naive', run, {
  connection: redis,
  concurrency: Number(process.env['CONCURRENCY']),
})

async function run({ data: { id, text } }: { data: NaiveJob }): Promise<string> {
  const messages: Message[] = [{ role: 'user', content: text }]
  for (let step = 1; ; step += 1) {
    const { choices, usage } = await complete(messages)
    const answer = choices[0]?.message
    const calls = answer?.tool_calls ?? []
    messages.push({ role: 'assistant', content: answer?.content ?? '', tool_calls: calls })
    for (const call of calls) {
      const content = tools[call.function.name]?.() ?? 'unknown tool'
      messages.push({ role: 'tool', tool_call_id: call.id, content })
    }
    const ended = calls.length === 0
    await redis.hset(naiveTask(id), {
      status: ended ? 'completed' : 'running',
      step,
      messages: JSON.stringify(messages),
      usage: JSON.stringify(usage),
    })
    if (ended) return answer?.content ?? ''
  }
}

async function complete(messages: Message[]): Promise<Completion> {
  const response = await fetch(`${process.env['OPENAI_BASE_URL']}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer bench' },
    body: JSON.stringify({ model: 'bench', messages, tools: [tool] }),
  })
  if (!response.ok) throw new Error(`the model answered ${response.status}`)
  return (await response.json()) as Completion
}

const tool = {
  type: 'function',
  function: { name: 'current_date', parameters: { type: 'object', properties: {} } },
}

process.on('disconnect', () => process.exit())
await worker.waitUntilReady()
process.send?.('ready')

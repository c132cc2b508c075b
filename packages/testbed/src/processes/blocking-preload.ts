import { blockingText } from './blocking.ts'

// Preloaded by a process: from then on, requests with a certain message block its event loop.
const ms = Number(process.env['BLOCKING_MS'] ?? 0)
const { stringify } = JSON
const used = () => process.threadCpuUsage().user / 1_000

JSON.stringify = (value: unknown, ...rest: []) => {
  const text = stringify(value, ...rest)
  if (isConversation(value) && text.includes(blockingText)) {
    for (const from = used(); used() - from < ms;);
  }
  return text
}

function isConversation(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'messages' in value
}

import { blockingText } from './blocking.ts'

// Loaded before a process's own code: to write the request of a certain conversation takes long from then on.
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

import type { LogEntry } from '@longhaul/client'
import { JsonView, LongText } from '../../parts/json-view.tsx'

/** The messages of a task, with its tool calls and their results. */
export function Conversation({ entries }: { entries: LogEntry[] }) {
  return (
    <ol className="mx-auto grid max-w-3xl gap-3">
      {entries.map((entry) => (
        <Message key={entry.id} entry={entry} />
      ))}
    </ol>
  )
}

function Message({ entry }: { entry: LogEntry }) {
  switch (entry.type) {
    case 'turn.started':
      return entry.message === undefined ? null : (
        <li className="ml-auto max-w-[85%] rounded-2xl rounded-br-sm bg-accent-soft px-4 py-2.5">
          <LongText text={textOfParts(entry.message.parts)} />
        </li>
      )
    case 'part.finished':
      return (
        <li
          className={`max-w-[92%] px-1 ${entry.kind === 'reasoning' ? 'border-l-2 border-line pl-3 text-soft italic' : ''}`}
        >
          <LongText text={entry.text} />
        </li>
      )
    case 'tool.called':
      return (
        <li className="card px-4 py-3">
          <p className="mb-2 text-xs text-soft">
            calls{' '}
            <span className="task-text font-mono font-semibold text-text">{entry.tool_name}</span>
          </p>
          <JsonView value={entry.arguments} label="Arguments" />
        </li>
      )
    case 'tool.returned':
      return (
        <li className="card px-4 py-3">
          <JsonView value={entry.result} label="Result" />
        </li>
      )
    case 'tool.failed':
      return (
        <li className="rounded-lg bg-bad-soft px-4 py-3 text-bad">
          <LongText text={entry.error} />
        </li>
      )
    case 'turn.failed':
      return (
        <li className="rounded-lg bg-bad-soft px-4 py-3 text-bad">
          <LongText text={`${entry.code}: ${entry.message}`} />
        </li>
      )
    default:
      return null
  }
}

/** The texts of the parts of a message; another part is named by its kind. */
export function textOfParts(parts: readonly unknown[]): string {
  return parts
    .map((part) => {
      const { kind, text } = Object(part) as { kind?: unknown; text?: unknown }
      return typeof text === 'string' ? text : `[${String(kind)}]`
    })
    .join('\n')
}

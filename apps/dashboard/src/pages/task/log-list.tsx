import type { LogEntry } from '@longhaul/client'
import { useState } from 'react'
import { firstWords } from '../../data/format.ts'
import { JsonView } from '../../parts/json-view.tsx'
import { VirtualList } from '../../parts/virtual-list.tsx'

/** The facts of a task. Few of them are shown open; of many, each opens below the list. */
export function LogList({ entries, isOpen = false }: { entries: LogEntry[]; isOpen?: boolean }) {
  const [chosen, setChosen] = useState<LogEntry>()
  if (isOpen) {
    return (
      <ul className="grid gap-4">
        {entries.map((entry) => (
          <li key={entry.id}>
            <Entry entry={entry} />
          </li>
        ))}
      </ul>
    )
  }
  return (
    <>
      <VirtualList
        items={entries}
        rowHeight={30}
        label="Facts"
        rows={18}
        render={(entry) => (
          <button
            key={entry.id}
            type="button"
            aria-pressed={chosen?.id === entry.id}
            onClick={() => setChosen(chosen?.id === entry.id ? undefined : entry)}
            className={`grid h-[30px] w-full grid-cols-[3.5rem_7rem_11rem_minmax(0,1fr)] items-center gap-2 px-2 text-left text-xs hover:bg-sunken max-md:grid-cols-[3rem_8rem_minmax(0,1fr)] ${chosen?.id === entry.id ? 'bg-accent-soft' : ''}`}
          >
            <span className="text-soft tabular-nums">{entry.id}</span>
            <span className="text-soft tabular-nums max-md:hidden">{clockOf(entry.at)}</span>
            <span className="font-mono">{entry.type}</span>
            <span className="task-text truncate text-soft">{summaryOf(entry)}</span>
          </button>
        )}
      />
      {chosen && (
        <div className="mt-2 border-t border-line p-2">
          <Entry entry={chosen} />
        </div>
      )}
    </>
  )
}

function Entry({ entry }: { entry: LogEntry }) {
  const { id, number: _number, type, at, turn, response_id: _response, ...fields } = entry
  return (
    <>
      <p className="mb-1 flex gap-3 text-xs text-soft">
        <span className="font-mono font-semibold text-text">{type}</span>
        <span className="tabular-nums">{clockOf(at)}</span>
        <span>turn {turn}</span>
        <span className="ml-auto">#{id}</span>
      </p>
      <JsonView value={fields} label={`Fact ${id}`} />
    </>
  )
}

function clockOf(at: string): string {
  return at.slice(11, 23)
}

function summaryOf(entry: LogEntry): string {
  switch (entry.type) {
    case 'part.finished':
      return firstWords(entry.text)
    case 'step.finished':
      return `${entry.model}, ${entry.calls.length} calls, ${entry.ms} ms`
    case 'model.failed':
      return firstWords(`${entry.code}: ${entry.message}`)
    case 'tool.called':
    case 'review.requested':
      return entry.tool_name
    case 'tool.failed':
      return firstWords(entry.error)
    case 'turn.failed':
      return firstWords(`${entry.code}: ${entry.message}`)
    case 'turn.parked':
      return entry.for ?? ''
    default:
      return ''
  }
}

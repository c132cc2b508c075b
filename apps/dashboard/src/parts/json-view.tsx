import { useState } from 'react'
import { CopyButton } from './copy-button.tsx'

/** How much of a text or of a list is shown before the reader asks for more. */
const firstCharacters = 2_000
const firstItems = 50

/** A value as a tree. Texts of tasks are shown as text, and long ones only in part. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  return (
    <section aria-label={label}>
      <div className="mb-1 flex items-center gap-2">
        <h3 className="text-xs font-semibold text-soft">{label}</h3>
        <span className="ml-auto">
          <CopyButton text={textOf(value)} />
        </span>
      </div>
      <div
        className="task-text max-h-96 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs whitespace-pre-wrap"
        tabIndex={0}
        role="group"
        aria-label={label}
      >
        <Value value={value} />
      </div>
    </section>
  )
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)
}

function Value({ value }: { value: unknown }) {
  if (typeof value === 'string') return <LongText text={value} />
  if (typeof value !== 'object' || value === null) {
    return <span className="text-accent">{String(value)}</span>
  }
  const entries = Array.isArray(value) ? value.map((item, at) => [at, item]) : Object.entries(value)
  if (entries.length === 0)
    return <span className="text-soft">{Array.isArray(value) ? '[]' : '{}'}</span>
  return <Entries entries={entries as [string, unknown][]} />
}

function Entries({ entries }: { entries: [string, unknown][] }) {
  const [shown, setShown] = useState(firstItems)
  return (
    <ul className="grid gap-0.5">
      {entries.slice(0, shown).map(([name, item]) => (
        <li key={name} className="grid grid-cols-[auto_minmax(0,1fr)] gap-2">
          <span className="task-text max-w-60 text-soft">{name}:</span>
          <Value value={item} />
        </li>
      ))}
      {entries.length > shown && (
        <li>
          <button type="button" className="underline" onClick={() => setShown(shown + 500)}>
            {entries.length - shown} more
          </button>
        </li>
      )}
    </ul>
  )
}

/** A text of a task. A line of a megabyte is not laid out until the reader wants it. */
export function LongText({ text, most = firstCharacters }: { text: string; most?: number }) {
  const [isWhole, setWhole] = useState(false)
  const isLong = text.length > most
  return (
    <span className="task-text whitespace-pre-wrap">
      {isLong && !isWhole ? text.slice(0, most) : text}
      {isLong && (
        <button type="button" className="ml-2 underline" onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Show less' : `Show all ${text.length.toLocaleString('en')} characters`}
        </button>
      )}
    </span>
  )
}

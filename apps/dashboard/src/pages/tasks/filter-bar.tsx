import { type FormEvent, useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { client, messageOf } from '../../data/api.ts'
import { agentOf, pathOfTask } from '../../data/tasks.ts'
import { filterFields, useFilter } from '../../data/use-filter.ts'
import { isTyping } from '../../parts/shell.tsx'
import { useState } from 'react'

const statuses = [
  ['', 'All'],
  ['in_progress', 'In progress'],
  ['completed', 'Completed'],
  ['failed', 'Failed'],
] as const

/** The filters of the list. `/` moves to the field, which opens a task by its id, adds a filter, or searches for words. */
export function FilterBar() {
  const { given, search, set, clear } = useFilter()
  const field = useRef<HTMLInputElement>(null)
  const [, navigate] = useLocation()
  const [problem, setProblem] = useState<string>()
  useSlash(field)

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const text = field.current?.value.trim() ?? ''
    const [, name = '', value = ''] = /^([\w.-]+)\s*[=:]\s*(.+)$/.exec(text) ?? []
    setProblem(undefined)
    if (/^(resp_)?[0-9A-Z]{26}(_\d+)?$/i.test(text)) {
      try {
        const task = await client.tasks.get(text)
        navigate(pathOfTask(agentOf(task), task.task_id))
      } catch (error) {
        setProblem(messageOf(error))
      }
    } else if (value === '') {
      set('search', text)
    } else {
      set(nameOf(name), value)
    }
    if (field.current) field.current.value = ''
  }

  return (
    <div className="mb-3 grid gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <div
          role="group"
          aria-label="Status"
          className="flex rounded-lg border border-line bg-card p-0.5"
        >
          {statuses.map(([value, label]) => {
            const isChosen = (search.get('status') ?? '') === value
            return (
              <button
                key={value}
                type="button"
                aria-pressed={isChosen}
                className={`rounded-md px-2.5 py-1 ${isChosen ? 'bg-accent-soft font-semibold text-accent' : 'text-soft'}`}
                onClick={() => set('status', value)}
              >
                {label}
              </button>
            )
          })}
        </div>
        <form className="min-w-48 flex-1" onSubmit={(event) => void submit(event)}>
          <input
            ref={field}
            className="field w-full"
            aria-label="Words, task id or filter"
            placeholder="Words of the first message, a task id, or agent=…, metadata.key=…   ( / )"
            list="filter-names"
            spellCheck={false}
          />
          <datalist id="filter-names">
            {filterFields.map(({ name, label }) => (
              <option key={name} value={`${name}=`}>
                {label}
              </option>
            ))}
          </datalist>
        </form>
        <select
          className="field"
          aria-label="Created"
          value={search.has('created_after') ? 'set' : ''}
          onChange={({ target }) => set('created_after', sinceOf(target.value))}
        >
          <option value="">Any time</option>
          {search.has('created_after') && (
            <option value="set">Since {search.get('created_after')?.slice(0, 16)}</option>
          )}
          <option value="15">Last 15 minutes</option>
          <option value="60">Last hour</option>
          <option value="1440">Last 24 hours</option>
          <option value="10080">Last 7 days</option>
        </select>
      </div>
      {problem !== undefined && (
        <p role="alert" className="text-bad">
          {problem}
        </p>
      )}
      {given.some(([name]) => name !== 'status') && (
        <ul className="flex flex-wrap gap-2">
          {given
            .filter(([name]) => name !== 'status')
            .map(([name, value]) => (
              <li
                key={name}
                className="flex items-center gap-1 rounded-full bg-accent-soft px-2.5 py-0.5 text-xs text-accent"
              >
                <span className="task-text">
                  {name} = {value}
                </span>
                <button
                  type="button"
                  aria-label={`Remove the filter ${name}`}
                  onClick={() => set(name, '')}
                >
                  ×
                </button>
              </li>
            ))}
          <li>
            <button type="button" className="text-xs text-soft underline" onClick={clear}>
              Clear all
            </button>
          </li>
        </ul>
      )}
    </div>
  )
}

function nameOf(name: string): string {
  const found = filterFields.find((field) => field.name === name || field.name === `${name}_id`)
  return found?.name ?? name
}

function sinceOf(minutes: string): string {
  if (minutes === '') return ''
  return new Date(Date.now() - Number(minutes) * 60_000).toISOString()
}

function useSlash(field: React.RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || isTyping(event)) return
      event.preventDefault()
      field.current?.focus()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })
}

import type { TasksQuery } from '@longhaul/client'
import { useSearchParams } from 'wouter'

/** The filters of the list of tasks, by the name of the API. They are in the URL, so a list can be linked. */
export const filterFields = [
  { name: 'agent', label: 'Agent' },
  { name: 'model', label: 'Model' },
  { name: 'error_code', label: 'Error code' },
  { name: 'state', label: 'State: queued, running or parked' },
  { name: 'identity_id', label: 'Identity' },
  { name: 'thread_id', label: 'Thread' },
  { name: 'conversation_id', label: 'Conversation' },
  { name: 'tag', label: 'Tag' },
  { name: 'search', label: 'Words of the first message' },
] as const

const known = new Set([
  'status',
  'created_after',
  'created_before',
  ...filterFields.map(({ name }) => name),
])

export function useFilter() {
  const [search, setSearch] = useSearchParams()
  const given = [...search].filter(([name, value]) => value !== '' && isFilter(name))
  const set = (name: string, value: string) =>
    setSearch(
      (previous) => {
        const next = new URLSearchParams(previous)
        if (value === '') next.delete(name)
        else next.set(name, value)
        return next
      },
      { replace: true },
    )
  const clear = () => setSearch({}, { replace: true })
  return { filter: Object.fromEntries(given) as TasksQuery, given, search, set, clear }
}

function isFilter(name: string): boolean {
  return known.has(name) || name.startsWith('metadata.')
}

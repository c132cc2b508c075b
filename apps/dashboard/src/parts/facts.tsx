import type { ReactNode } from 'react'

/** Names with their values, side by side where there is room. */
export function Facts({
  facts,
}: {
  facts: readonly (readonly [name: string, value: ReactNode])[]
}) {
  return (
    <dl className="card mb-4 grid gap-x-8 gap-y-3 p-4 sm:grid-cols-2 xl:grid-cols-3">
      {facts.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-xs text-soft">{name}</dt>
          <dd className="task-text">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

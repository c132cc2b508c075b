import type { ReactNode } from 'react'

/** The title of a page, which is also that of the tab, and what can be done there. */
export function PageHead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <header className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
      <title>{`${title} · Longhaul`}</title>
      <h1 className="task-text text-xl font-semibold tracking-tight">{title}</h1>
      <div className="ml-auto flex flex-wrap items-center gap-2">{children}</div>
    </header>
  )
}

/** A number with its name. */
export function Figure({
  label,
  children,
  note,
}: {
  label: string
  children: ReactNode
  note?: string
}) {
  return (
    <div className="card px-4 py-3">
      <dt className="text-xs text-soft">{label}</dt>
      <dd className="mt-0.5 text-xl font-semibold tabular-nums">{children}</dd>
      {note !== undefined && <dd className="text-xs text-soft">{note}</dd>}
    </div>
  )
}

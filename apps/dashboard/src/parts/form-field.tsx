import type { ReactNode } from 'react'

type Options = { label: string; note?: ReactNode; children: ReactNode }

/** A field of a form with its label, and a note below it, which is no part of its name. */
export function FormField({ label, note, children }: Options) {
  return (
    <div className="grid min-w-0 content-start gap-1">
      <label className="grid min-w-0 gap-1">
        <span className="text-xs font-semibold text-soft">{label}</span>
        {children}
      </label>
      {note !== undefined && <span className="text-xs text-soft">{note}</span>}
    </div>
  )
}

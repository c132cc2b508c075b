import type { ReactNode } from 'react'
import { CopyButton } from './copy-button.tsx'

type Options = { title: string; children?: ReactNode; line?: string }

/** What a page shows when there is nothing, with a line to paste into a shell. */
export function EmptyState({ title, children, line }: Options) {
  return (
    <section className="card grid justify-items-center gap-2 px-6 py-14 text-center">
      <h2 className="text-base font-semibold">{title}</h2>
      {children !== undefined && <p className="max-w-prose text-soft">{children}</p>}
      {line !== undefined && (
        <div className="mt-3 flex max-w-full items-start gap-2">
          <pre
            className="max-w-full overflow-x-auto rounded-md bg-sunken px-3 py-2 text-left font-mono text-xs"
            tabIndex={0}
          >
            {line}
          </pre>
          <CopyButton text={line} />
        </div>
      )}
    </section>
  )
}

/** A failed request, in the words of the server. */
export function ErrorNote({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-bad">
      {children}
    </p>
  )
}

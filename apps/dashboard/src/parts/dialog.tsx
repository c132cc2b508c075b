import { type ReactNode, useLayoutEffect, useRef } from 'react'

type Options = { title: string; onClose: () => void; children: ReactNode }

/**
 * A modal dialog of the browser: its first field gets the focus, which does not leave it. Escape closes it, and the focus
 * returns to where it was.
 */
export function Dialog({ title, onClose, children }: Options) {
  const element = useRef<HTMLDialogElement>(null)
  // Before the dialog leaves the page: the browser returns the focus only then.
  useLayoutEffect(() => {
    const dialog = element.current
    dialog?.showModal()
    dialog?.querySelector<HTMLElement>('input, textarea, select')?.focus()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={element}
      aria-label={title}
      // React mounts twice while it is developed: a dialog that is open again is not closed.
      onClose={({ currentTarget }) => !currentTarget.open && onClose()}
      className="w-[min(36rem,calc(100vw-2rem))] rounded-xl border border-line p-5"
    >
      <div className="mb-4 flex items-center gap-4">
        <h2 className="task-text text-base font-semibold">{title}</h2>
        <button type="button" className="button ml-auto" onClick={onClose}>
          Close
        </button>
      </div>
      {children}
    </dialog>
  )
}

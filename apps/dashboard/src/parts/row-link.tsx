import { type ReactNode, useEffect, useRef } from 'react'
import { Link } from 'wouter'

type Options = { href: string; isCurrent: boolean; className: string; children: ReactNode }

/** A row of a list that opens a page. The current row has the focus. */
export function RowLink({ href, isCurrent, className, children }: Options) {
  const element = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (!isCurrent) return
    element.current?.querySelector('a')?.focus()
    element.current?.scrollIntoView({ block: 'nearest' })
  }, [isCurrent])
  return (
    <li ref={element} className={`row hover:bg-sunken ${isCurrent ? 'bg-accent-soft' : ''}`}>
      <Link href={href} className={`grid items-center gap-x-4 gap-y-1 px-4 py-3 ${className}`}>
        {children}
      </Link>
    </li>
  )
}

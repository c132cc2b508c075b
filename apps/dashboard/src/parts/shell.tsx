import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { callSession, client } from '../data/api.ts'
import { type Session } from '../data/api.ts'
import { useSession } from '../data/session.ts'
import { useTheme } from '../data/theme.ts'
import { ShortcutHelp } from './shortcut-help.tsx'

type Item = { path: string; label: string; key: string }

const workspaceItems: Item[] = [
  { path: '/tasks', label: 'Tasks', key: 't' },
  { path: '/inbox', label: 'Inbox', key: 'i' },
  { path: '/failures', label: 'Failures', key: 'f' },
  { path: '/overview', label: 'Overview', key: 'o' },
  { path: '/agents', label: 'Agents', key: 'a' },
  { path: '/schedules', label: 'Schedules', key: 's' },
  { path: '/webhooks', label: 'Webhooks', key: 'w' },
  { path: '/limits', label: 'Limits', key: 'l' },
]

const operatorItems: Item[] = [
  { path: '/', label: 'Overview', key: 'o' },
  { path: '/failures', label: 'Failures', key: 'f' },
]

function itemsOf({ type }: Session): Item[] {
  return type === 'operator' ? operatorItems : workspaceItems
}

/** The frame of every page: navigation, session, theme and shortcuts. */
export function Shell({ children }: { children: ReactNode }) {
  const session = useSession()
  const items = itemsOf(session)
  const [helps, setHelps] = useState(false)
  useShortcuts(items, () => setHelps(true))
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[13rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-20 focus:m-2 focus:bg-card focus:p-2"
      >
        Skip to the content
      </a>
      <nav
        aria-label="Main"
        className="border-line bg-card md:sticky md:top-0 md:flex md:h-dvh md:flex-col md:border-r max-md:border-b"
      >
        <div className="flex items-center gap-2 px-4 pt-3 pb-2 md:pt-5">
          <Logo />
          <span className="font-semibold tracking-tight">Longhaul</span>
          <span className="ml-auto md:hidden">
            <SessionMenu onHelp={() => setHelps(true)} />
          </span>
        </div>
        <ul className="flex gap-1 overflow-x-auto px-2 pb-2 md:flex-col md:pt-2">
          {items.map((item) => (
            <li key={item.path}>
              <NavLink item={item} />
            </li>
          ))}
        </ul>
        <div className="mt-auto hidden border-t border-line p-3 md:block">
          <p className="truncate text-xs text-soft" title={session.workspace ?? 'Operator'}>
            {session.type === 'operator' ? 'Operator, all workspaces' : 'Workspace'}
          </p>
          {session.workspace !== undefined && (
            <p className="truncate font-medium">{session.workspace}</p>
          )}
          <div className="mt-2">
            <SessionMenu onHelp={() => setHelps(true)} />
          </div>
        </div>
      </nav>
      <main id="content" className="mx-auto w-full max-w-[90rem] min-w-0 px-4 py-5 md:px-7">
        {children}
      </main>
      {helps && <ShortcutHelp onClose={() => setHelps(false)} />}
    </div>
  )
}

function Logo() {
  return (
    <svg viewBox="0 0 32 32" className="size-6" aria-hidden="true">
      <rect width="32" height="32" rx="7" className="fill-accent" />
      <path
        d="M7 11h7M7 16h18M18 21h7"
        className="stroke-on-accent"
        strokeWidth="3"
        strokeLinecap="round"
      />
    </svg>
  )
}

function NavLink({ item: { path, label } }: { item: Item }) {
  const [location] = useLocation()
  const isCurrent = path === '/' ? location === '/' : location.startsWith(path)
  const element = useRef<HTMLAnchorElement>(null)
  useEffect(() => {
    // On a phone the pages are in a row that is wider than the screen.
    if (isCurrent) element.current?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [isCurrent])
  return (
    <Link
      ref={element}
      href={path}
      aria-current={isCurrent ? 'page' : undefined}
      className={`flex items-center gap-2 rounded-md px-2.5 py-1.5 whitespace-nowrap ${
        isCurrent
          ? 'bg-accent-soft font-semibold text-accent'
          : 'text-soft hover:bg-sunken hover:text-text'
      }`}
    >
      {label}
      {path === '/inbox' && <InboxCount />}
    </Link>
  )
}

function InboxCount() {
  const { data } = useQuery({
    queryKey: ['reviews'],
    queryFn: ({ signal }) => client.reviews.list({ limit: 100 }, { signal }),
    refetchInterval: 5_000,
  })
  const waiting = data?.data.length ?? 0
  if (waiting === 0) return null
  return (
    <span className="ml-auto rounded-full bg-warn-soft px-1.5 text-xs font-semibold text-warn tabular-nums">
      {waiting}
      {data?.has_more === true && '+'}
      <span className="sr-only"> calls wait</span>
    </span>
  )
}

function SessionMenu({ onHelp }: { onHelp: () => void }) {
  const [theme, toggle] = useTheme()
  const queries = useQueryClient()
  const signOut = async () => {
    await callSession('DELETE')
    queries.clear()
    location.assign('/dashboard/')
  }
  const other = theme === 'dark' ? 'Light' : 'Dark'
  return (
    <span className="flex gap-3 text-xs text-soft">
      <button type="button" className="hover:text-text" onClick={toggle}>
        {other}
      </button>
      <button type="button" className="hover:text-text" onClick={onHelp}>
        <kbd>?</kbd> Keys
      </button>
      <button type="button" className="hover:text-text" onClick={() => void signOut()}>
        Sign out
      </button>
    </span>
  )
}

/** `g` and a letter opens a page, `?` shows all shortcuts, Escape leaves a field. */
function useShortcuts(items: Item[], onHelp: () => void): void {
  const [, navigate] = useLocation()
  useEffect(() => {
    let isGoing = false
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') leaveField(event)
      if (isTyping(event)) return
      const item = items.find(({ key }) => key === event.key)
      if (event.key === '?') onHelp()
      else if (isGoing && item !== undefined) navigate(item.path)
      isGoing = event.key === 'g'
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })
}

/** In a dialog, Escape closes the dialog. */
function leaveField({ target }: KeyboardEvent): void {
  if (target instanceof HTMLElement && target.closest('dialog') === null) target.blur()
}

/** Whether a key belongs to a field or to the browser. */
export function isTyping({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return true
  return target instanceof Element && target.closest('input, textarea, select, dialog') !== null
}

import { useQuery } from '@tanstack/react-query'
import { createContext, use } from 'react'
import { callSession, type Session } from './api.ts'

/** The session of this browser. A failure means that nobody is signed in. */
export function useSessionQuery() {
  return useQuery({
    queryKey: ['session'],
    queryFn: () => callSession<Session>('GET'),
    retry: false,
    refetchInterval: 60_000,
  })
}

export const SessionContext = createContext<Session | undefined>(undefined)

export function useSession(): Session {
  const session = use(SessionContext)
  if (session === undefined) throw new Error('the page needs a session')
  return session
}

/** Whether the caller may change something. Pages of callers who may not show no controls that act. */
export function useMayAct(): boolean {
  const { scopes } = useSession()
  return scopes.includes('workspace') || scopes.includes('operator')
}

import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, Suspense } from 'react'
import { Redirect, Route, Router, Switch, useLocation } from 'wouter'
import { isUnauthorized } from './data/api.ts'
import { SessionContext, useSession, useSessionQuery } from './data/session.ts'
import { lazyPage } from './data/lazy-page.tsx'
import { SignIn } from './pages/sign-in.tsx'
import { TaskList } from './pages/tasks/task-list.tsx'
import { EmptyState } from './parts/empty-state.tsx'
import { PageBoundary } from './parts/page-boundary.tsx'
import { Shell } from './parts/shell.tsx'

// Sign-in and the list of tasks come first. The other pages are loaded when they are opened.
const TaskPage = lazyPage(async () => (await import('./pages/task/task-page.tsx')).TaskPage)
const ComparePage = lazyPage(
  async () => (await import('./pages/task/compare-page.tsx')).ComparePage,
)
const Inbox = lazyPage(async () => (await import('./pages/inbox.tsx')).Inbox)
const Failures = lazyPage(async () => (await import('./pages/tasks/failures.tsx')).Failures)
const Overview = lazyPage(async () => (await import('./pages/operate/overview.tsx')).Overview)
const AgentList = lazyPage(async () => (await import('./pages/agents/agent-list.tsx')).AgentList)
const AgentPage = lazyPage(async () => (await import('./pages/agents/agent-page.tsx')).AgentPage)
const LimitsPage = lazyPage(
  async () => (await import('./pages/operate/limits-page.tsx')).LimitsPage,
)
const EndpointList = lazyPage(
  async () => (await import('./pages/webhooks/endpoint-list.tsx')).EndpointList,
)
const EndpointPage = lazyPage(
  async () => (await import('./pages/webhooks/endpoint-page.tsx')).EndpointPage,
)
const ScheduleList = lazyPage(
  async () => (await import('./pages/schedules/schedule-list.tsx')).ScheduleList,
)
const SchedulePage = lazyPage(
  async () => (await import('./pages/schedules/schedule-page.tsx')).SchedulePage,
)
const OperatorOverview = lazyPage(
  async () => (await import('./pages/operate/operator-overview.tsx')).OperatorOverview,
)
const OperatorTasks = lazyPage(
  async () => (await import('./pages/operate/operator-tasks.tsx')).OperatorTasks,
)

const queries = new QueryClient({
  queryCache: new QueryCache({
    onError(error, { queryKey }) {
      // The session has ended: the page asks for a key again.
      if (isUnauthorized(error) && queryKey[0] !== 'session') {
        void queries.invalidateQueries({ queryKey: ['session'] })
      }
    },
  }),
  defaultOptions: { queries: { retry: 1, staleTime: 1_000, refetchOnWindowFocus: true } },
})

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <Router base="/dashboard">
        <Gate />
      </Router>
    </QueryClientProvider>
  )
}

/** Shows the pages after the sign-in. */
function Gate() {
  const { data: session, isPending, isError } = useSessionQuery()
  if (isPending) return null
  if (session === undefined || isError) return <SignIn />
  return (
    <SessionContext value={session}>
      <Shell>
        <Frame>{session.type === 'operator' ? <OperatorPages /> : <Pages />}</Frame>
      </Shell>
    </SessionContext>
  )
}

/** What a page shows while its code is loaded, and when it fails. A failure ends with the next page. */
function Frame({ children }: { children: ReactNode }) {
  const [path] = useLocation()
  return (
    <PageBoundary key={path}>
      <Suspense fallback={<p className="text-soft">Loading …</p>}>{children}</Suspense>
    </PageBoundary>
  )
}

function Pages() {
  return (
    <Switch>
      <Route path="/">
        <Redirect to="/tasks" replace />
      </Route>
      <Route path="/sign-in">
        <Redirect to="/tasks" replace />
      </Route>
      <Route path="/tasks" component={TaskList} />
      <Route path="/tasks/:agent/:task">
        {({ agent, task }) => <TaskPage key={task} agent={agent} id={task} />}
      </Route>
      <Route path="/compare" component={ComparePage} />
      <Route path="/inbox" component={Inbox} />
      <Route path="/failures" component={Failures} />
      <Route path="/overview" component={Overview} />
      <Route path="/agents" component={AgentList} />
      <Route path="/agents/:agent">{({ agent }) => <AgentPage key={agent} agent={agent} />}</Route>
      <Route path="/webhooks" component={EndpointList} />
      <Route path="/webhooks/:endpoint">
        {({ endpoint }) => <EndpointPage key={endpoint} id={endpoint} />}
      </Route>
      <Route path="/schedules" component={ScheduleList} />
      <Route path="/schedules/:agent/:schedule">
        {({ agent, schedule }) => <SchedulePage key={schedule} agent={agent} id={schedule} />}
      </Route>
      <Route path="/limits">
        <LimitsPage />
      </Route>
      <Route component={Unknown} />
    </Switch>
  )
}

function OperatorPages() {
  return (
    <Switch>
      <Route path="/" component={OperatorOverview} />
      <Route path="/sign-in">
        <Redirect to="/" replace />
      </Route>
      <Route path="/failures" component={OperatorTasks} />
      <Route path="/limits/:workspace">
        {({ workspace }) => <LimitsPage workspace={workspace} />}
      </Route>
      <Route component={Unknown} />
    </Switch>
  )
}

function Unknown() {
  const { type } = useSession()
  return (
    <EmptyState title="There is no such page">
      {type === 'operator'
        ? 'The operator key sees the installation. Sign in with the API key of a workspace to see its tasks.'
        : 'The address is wrong, or the page is for the operator.'}
    </EmptyState>
  )
}

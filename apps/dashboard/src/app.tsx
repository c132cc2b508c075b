import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { Redirect, Route, Router, Switch } from 'wouter'
import { isUnauthorized } from './data/api.ts'
import { SessionContext, useSession, useSessionQuery } from './data/session.ts'
import { AgentPage } from './pages/agents/agent-page.tsx'
import { AgentList } from './pages/agents/agent-list.tsx'
import { ComparePage } from './pages/task/compare-page.tsx'
import { Failures } from './pages/tasks/failures.tsx'
import { Inbox } from './pages/inbox.tsx'
import { LimitsPage } from './pages/operate/limits-page.tsx'
import { OperatorOverview } from './pages/operate/operator-overview.tsx'
import { OperatorTasks } from './pages/operate/operator-tasks.tsx'
import { Overview } from './pages/operate/overview.tsx'
import { SignIn } from './pages/sign-in.tsx'
import { TaskPage } from './pages/task/task-page.tsx'
import { TaskList } from './pages/tasks/task-list.tsx'
import { EmptyState } from './parts/empty-state.tsx'
import { Shell } from './parts/shell.tsx'

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
      <Shell>{session.type === 'operator' ? <OperatorPages /> : <Pages />}</Shell>
    </SessionContext>
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

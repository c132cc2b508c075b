import type { Waiting } from '@longhaul/client'
import { Link } from 'wouter'
import { duration } from '../../data/format.ts'
import { pathOfTask } from '../../data/tasks.ts'
import { useNow } from '../../parts/moment.tsx'

/** What an operator can do, by what a turn waits for. */
const advice: Record<string, string> = {
  worker: 'More workers, or more slots on each, start it sooner.',
  no_worker: 'Start a worker: `npm run worker`.',
  workspace_running: 'An operator can raise the limit of running turns of this workspace.',
  fairness_key_running: 'An operator can raise the limit of running turns of a fairness key.',
  model_requests: 'An operator can raise the requests per minute of this model.',
  model_tokens: 'An operator can raise the tokens per minute of this model.',
  paused: 'An operator can resume the workspace or the installation.',
  provider_retry: 'Nothing is lost. It continues when the provider answers again.',
}

/** Why a turn does not run, in plain words, and what it waits for. */
export function WaitingBanner({ waiting, agent }: { waiting: Waiting; agent: string }) {
  const now = useNow()
  const { message, since, starts, held_by: holders = [], for: kind } = waiting
  const waited = now - Date.parse(since)
  const left = starts === null ? 0 : Date.parse(starts) - now
  return (
    <section className="mb-4 rounded-lg bg-warn-soft px-4 py-3 text-warn" aria-label="Waiting">
      <p className="font-semibold">
        {message ?? 'The turn waits.'}
        <span className="ml-2 font-normal tabular-nums">
          For {duration(Math.max(0, waited))}
          {left > 0 && `, ${duration(left)} left`}
        </span>
      </p>
      {advice[kind] !== undefined && <p>{advice[kind]}</p>}
      {holders.length > 0 && (
        <p>
          {kind === 'sub_agent' ? 'It waits for ' : 'The slots are held by '}
          {holders.map((id, at) => (
            <span key={id}>
              {at > 0 && ', '}
              <Link href={pathOfTask('-', id)} className="font-mono text-xs underline">
                {id}
              </Link>
            </span>
          ))}
        </p>
      )}
      <span className="sr-only">Agent {agent}</span>
    </section>
  )
}

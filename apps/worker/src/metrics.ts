import type { ModelFailed, Status, TurnTimes } from '@longhaul/core'
import type { Metrics } from '@longhaul/process'
import type { LiveBytes } from './capacity/live-bytes.ts'
import type { Repair } from './maintenance/reconcile.ts'
import type { Suspects } from './suspects/run-suspect.ts'
import type { Drain } from './turn/drain.ts'

/** Creates the counters of this worker. Each function is a callback of the part that it counts. */
export function createCounters(
  metrics: Metrics,
  { providers }: { providers: { has(name: string): boolean } },
) {
  const turnsEnded = metrics.counter(
    'longhaul_turns_ended_total',
    'Turns that ended in this process.',
    ['status'],
  )
  const queueWait = metrics.histogram(
    'longhaul_queue_wait_seconds',
    'How long the turns that ended in this process waited for a worker.',
    [],
    [0.01, 0.1, 1, 10, 60, 600, 3_600],
  )
  const turnSeconds = metrics.counter(
    'longhaul_turn_seconds_total',
    'What the turns that ended in this process did: `work`, or what they waited for.',
    ['for'],
  )
  const repairs = metrics.counter('longhaul_repairs_total', 'Repairs by the reconciler.', ['kind'])
  const turnsParked = metrics.counter(
    'longhaul_turns_parked_total',
    'Turns parked by this process.',
  )
  const turnsResumed = metrics.counter(
    'longhaul_turns_resumed_total',
    'Parked turns requeued by this process.',
  )
  const tasksPurged = metrics.counter(
    'longhaul_tasks_purged_total',
    'Tasks purged after their retention.',
  )
  const turnsRedriven = metrics.counter(
    'longhaul_redriven_total',
    'Failed turns that were redriven.',
  )
  const suspectDeaths = metrics.counter(
    'longhaul_suspect_deaths_total',
    'Processes of suspect turns that crashed or hung.',
  )
  const blocks = metrics.counter(
    'longhaul_event_loop_blocked_total',
    'Times the event loop was blocked for more than half of the lease.',
  )
  const webhookAttempts = metrics.counter(
    'longhaul_webhook_attempts_total',
    'Attempts to notify endpoints, by what followed from them.',
    ['outcome'],
  )
  const modelRetries = metrics.counter(
    'longhaul_model_retries_total',
    'Model calls retried or sent to a fallback model after a failure.',
    ['provider', 'status'],
  )
  return {
    ended(status: Status, times?: TurnTimes): void {
      turnsEnded.inc({ status })
      if (times === undefined) return
      const { worker: inQueue = 0 } = times.waiting
      queueWait.observe(inQueue / 1_000)
      turnSeconds.inc({ for: 'work' }, times.working / 1_000)
      for (const [kind, ms] of Object.entries(times.waiting)) {
        turnSeconds.inc({ for: kind }, ms / 1_000)
      }
    },
    parked: () => turnsParked.inc(),
    retried(model: string, { status }: Pick<ModelFailed, 'status'>): void {
      const provider = model.slice(0, model.indexOf('/'))
      // A caller may send any provider name.
      const known = providers.has(provider) ? provider : 'unknown'
      modelRetries.inc({ provider: known, status: String(status ?? 'none') })
    },
    died: () => suspectDeaths.inc(),
    blocked: () => blocks.inc(),
    repaired: (kind: Repair, count: number) => repairs.inc({ kind }, count),
    resumed: (count: number) => turnsResumed.inc(count),
    purged: (count: number) => tasksPurged.inc(count),
    redriven: () => turnsRedriven.inc(),
    attempted: (outcome: string) => webhookAttempts.inc({ outcome }),
  }
}

/** Reports the load of this worker at each scrape. */
export function reportLoad(
  metrics: Metrics,
  { drain, live, suspects }: { drain: Drain; live: LiveBytes; suspects: Suspects },
): void {
  metrics.gauge('longhaul_turns_running', 'Turns running in this process.', drain.running)
  metrics.gauge(
    'longhaul_live_bytes',
    'Bytes of logs, tool results, files and requests held in memory.',
    live.now,
  )
  metrics.gauge('longhaul_waiting_for_room', 'Turns and calls waiting for memory.', live.waiting)
  metrics.gauge(
    'longhaul_suspects_running',
    'Suspect turns running in a process of their own.',
    suspects.running,
  )
}

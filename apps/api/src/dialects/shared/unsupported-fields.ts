import { cutText, LonghaulError } from '@longhaul/core'
import type { FieldError } from '@longhaul/core'

/**
 * Fields that other systems support and Longhaul does not, by their purpose. A caller relies on their effect, so they
 * must not be ignored silently. Case, `_` and `-` make no difference: `webhookUrl` is `webhook_url`.
 */
export const unsupportedFields: { instead: string; names: readonly string[] }[] = [
  {
    instead: 'Watch the events of the task, or read it with ?wait=.',
    names: words(`
      webhook webhooks webhook_url webhook_urls webhook_secret webhook_events
      webhook_events_filter webhook_headers callback callback_url callback_urls notify_url
      notification_url push_notification push_notification_config on_complete on_completion
      on_success on_failure
    `),
  },
  {
    instead: 'Set longhaul.priority or longhaul.fairness_key, or send them as headers.',
    names: words(`
      priority job_priority task_priority queue_priority fairness_key fairness_weight queue
      queue_name task_queue
    `),
  },
  {
    instead: 'Set longhaul.start_at, or send the header Longhaul-Start-At.',
    names: words(`
      delay delay_ms delay_seconds delay_until initial_delay start_delay defer defer_by
      defer_until after_seconds start_after start_at start_time run_at run_after run_in
      execute_at send_at deliver_at available_at not_before wait_until eta countdown
      scheduled_at scheduled_for scheduled_time schedule_at schedule_time
    `),
  },
  {
    instead: 'Send each request when it is due, or ahead with longhaul.start_at.',
    names: words(`
      schedule schedules schedule_id cron crontab cron_expression cron_schedule rrule
      recurrence recurring repeat repeat_every repeat_interval interval
    `),
  },
  {
    instead: 'Set longhaul.expires_in, or send the header Longhaul-Expires-In.',
    names: words(`
      ttl ttl_ms ttl_seconds time_to_live expires expires_at expires_in expires_after
      expire_at expire_in expiration expiry valid_until queue_timeout schedule_timeout
      schedule_to_start_timeout
    `),
  },
  {
    instead: "The agent's settings.max_execution_time limits the time of a turn.",
    names: words(`
      timeout timeout_ms timeout_seconds deadline deadline_ms deadline_seconds max_duration
      max_duration_seconds max_runtime execution_timeout run_timeout job_timeout task_timeout
      start_to_close_timeout schedule_to_close_timeout heartbeat_timeout
      workflow_execution_timeout workflow_run_timeout workflow_task_timeout
    `),
  },
  {
    instead: 'Send the header Idempotency-Key.',
    names: words(`
      idempotency_key idempotency_key_ttl dedupe_key dedup_key unique_key deduplication
      deduplication_id deduplication_key uniqueness_key singleton singleton_key
    `),
  },
  {
    instead: 'Send fewer requests at a time.',
    names: words(`
      concurrency concurrency_key concurrency_limit concurrency_group max_concurrency
      rate_limit rate_limits throttle debounce multitask_strategy depends_on
    `),
  },
  {
    instead: 'The retry of a model sets how often a call of it is made.',
    names: words(`
      retry retries max_retries retry_count retry_policy retry_options retry_delay attempts
      max_attempts backoff
    `),
  },
  {
    instead: 'Limit the model calls with settings.max_iterations, or max_output_tokens.',
    names: words('max_cost max_spend max_budget max_budget_usd budget cost_limit token_budget'),
  },
  {
    instead: 'Delete the task when it is not needed any more.',
    names: words(`
      retention retention_days retention_seconds delete_after remove_on_complete
      remove_on_fail
    `),
  },
  {
    instead: 'The tools of an agent say whose calls wait for an approval.',
    names: words(`
      interrupt_before interrupt_after human_in_the_loop approval_required require_approval
      requires_approval tool_approval_required
    `),
  },
  {
    instead: 'Leave it out where you do not need it.',
    names: words(`
      guardrails pii_redaction dry_run region data_residency on_disconnect checkpoint
      checkpoint_id
    `),
  },
]

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}

const insteadOf = new Map(
  unsupportedFields.flatMap(({ instead, names }) =>
    names.map((name) => [plain(name), instead] as const),
  ),
)

/** The objects within a body in which such fields are also found. */
const containers = ['settings', 'options', 'config', 'configuration', 'limits', 'longhaul']

/**
 * Refuses a body with a field of the table. `known` is the parsed body: only fields that its schema does not know are
 * checked. A field that is not in the table is ignored.
 */
export function refuseUnsupportedFields(value: object, known: object): void {
  const fields = unsupportedIn(value, known, '')
  for (const container of containers) {
    const inner = fieldOf(value, container)
    if (!isObject(inner)) continue
    const knownInner = fieldOf(known, container)
    fields.push(...unsupportedIn(inner, isObject(knownInner) ? knownInner : {}, `${container}.`))
  }
  const [first] = fields
  if (first === undefined) return
  const reason = 'unsupported_parameter'
  throw new LonghaulError('invalid', `${first.path}: ${first.message}`, { fields, reason })
}

function unsupportedIn(value: object, known: object, at: string): FieldError[] {
  const fields: FieldError[] = []
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(known, name) || asksForNothing(fieldOf(value, name))) continue
    const instead = insteadOf.get(plain(name))
    if (instead === undefined) continue
    fields.push({ path: cutText(at + name, 100), message: `is not supported yet. ${instead}` })
  }
  return fields
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '')
}

function fieldOf(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Values that request nothing, from clients that send every field. */
function asksForNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

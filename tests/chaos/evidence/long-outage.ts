import type { Evidence, TaskEvidence } from './evidence.ts'

/** How long a failing model call of a synchronous request is repeated: as long as its client waits. Milliseconds. */
export const syncPatience = 280_000

/** How much earlier the last try may be recorded than the patience ends. */
const rounding = 1_000

/**
 * Whether outages outlasted the patience of a synchronous task: the vendor refused every request for its last step that
 * it received, from the first to the last moment of the patience.
 */
export function outlasted(
  { script, client, final }: TaskEvidence,
  { asked }: Pick<Evidence, 'asked'>,
): boolean {
  if (script.mode !== 'sync' || !String(final?.body['error']).startsWith('provider_failed'))
    return false
  const facts = final?.facts ?? []
  const step = facts.filter(({ type }) => type === 'step.finished').length + 1
  const failedAt = facts.find(({ type }) => type === 'turn.failed')?.at ?? 0
  const tries = asked.filter(
    (each) => each.responseId === client.ids[0]?.responseId && each.step === step,
  )
  const [first] = tries
  return (
    first !== undefined &&
    tries.every(({ refused }) => refused) &&
    failedAt - first.at >= syncPatience - rounding
  )
}

/** A group of kinds of time, which share a colour in bars. The order is that of legends. */
type Group = { label: string; colour: string; isStriped?: boolean }

const groups = {
  first: { label: 'Model, to first output', colour: 'bg-time-first' },
  model: { label: 'Model', colour: 'bg-time-model' },
  tool: { label: 'Tools', colour: 'bg-time-tool' },
  person: { label: 'Waiting for a person', colour: 'bg-time-person' },
  agent: { label: 'Sub-agents', colour: 'bg-time-agent' },
  slot: { label: 'Waiting for a slot', colour: 'bg-time-slot' },
  limit: { label: 'Waiting for a limit', colour: 'bg-time-limit', isStriped: true },
  failed: { label: 'Failed model calls', colour: 'bg-time-failed' },
  crash: { label: 'Lost to a crash', colour: 'bg-time-crash', isStriped: true },
  timer: { label: 'Waiting for a time', colour: 'bg-time-timer', isStriped: true },
  own: { label: 'Longhaul', colour: 'bg-time-own' },
  idle: { label: 'Between turns', colour: 'bg-time-idle' },
} satisfies Record<string, Group>

type Kind = { label: string; group: keyof typeof groups }

/** Each kind of time of the API, for people. */
const kinds: Record<string, Kind> = {
  model_first_output: { label: 'Model, to first output', group: 'first' },
  model_output: { label: 'Model, writing', group: 'model' },
  model: { label: 'Model', group: 'model' },
  model_failed: { label: 'Failed model call', group: 'failed' },
  provider_retry: { label: 'Waiting to call the model again', group: 'failed' },
  tool: { label: 'Tool', group: 'tool' },
  file: { label: 'Fetching a file', group: 'tool' },
  approval: { label: 'Waiting for a person', group: 'person' },
  sub_agent: { label: 'Sub-agent', group: 'agent' },
  worker: { label: 'Waiting for a slot', group: 'slot' },
  no_worker: { label: 'No worker was alive', group: 'slot' },
  workspace_running: { label: 'Workspace at its running limit', group: 'limit' },
  fairness_key_running: { label: 'Fairness key at its running limit', group: 'limit' },
  model_requests: { label: 'Requests of the model per minute', group: 'limit' },
  model_tokens: { label: 'Tokens of the model per minute', group: 'limit' },
  model_rate: { label: 'Rate of the model', group: 'limit' },
  budget: { label: 'Budget', group: 'limit' },
  paused: { label: 'Paused', group: 'timer' },
  start_at: { label: 'Before its start time', group: 'timer' },
  timer: { label: 'Waiting for a time', group: 'timer' },
  repair: { label: 'Lost to a crash', group: 'crash' },
  redone: { label: 'Lost to a crash and done again', group: 'crash' },
  overhead: { label: 'Longhaul', group: 'own' },
  caller: { label: 'The caller ran functions', group: 'idle' },
  failed: { label: 'Failed, until redriven', group: 'idle' },
  idle: { label: 'Between two turns', group: 'idle' },
}

const unknown: Kind = { label: 'Other', group: 'own' }

export function labelOf(kind: string): string {
  return (kinds[kind] ?? unknown).label
}

export function groupOf(kind: string): Group & { name: string } {
  const name = (kinds[kind] ?? unknown).group
  return { name, ...groups[name] }
}

/** The classes of a piece of a bar. */
export function colourOf(kind: string): string {
  const { colour, isStriped = false } = groupOf(kind)
  return isStriped ? `${colour} striped` : colour
}

/** Whether nothing happens in this time, so that a waterfall may fold it. */
export function isIdle(kind: string): boolean {
  const { group } = kinds[kind] ?? unknown
  return !['first', 'model', 'tool', 'own', 'failed'].includes(group) || kind === 'provider_retry'
}

import type { ScriptedReply } from '@longhaul/testing/servers'
import { type Chance, createChance } from './chance.ts'

/** A task: what its client asks for and when, what its model and tools will do, and how it must end. */
export type TaskScript = {
  number: number
  mode: 'sync' | 'background' | 'stream'
  /** When it is submitted, milliseconds from the start. */
  at: number
  steps: Step[]
  outcome: { status: 'completed'; text: string } | { status: 'failed'; httpStatus: number }
  /** Of all recorded steps together. */
  usage: { input: number; output: number }
}

/** One model call: what goes wrong before it is answered, the answer, and the calls in it. */
export type Step = {
  /** One for each request: all but the last fail. The last one is also the answer to any further. */
  replies: ScriptedReply[]
  /** How many requests that makes where nothing else goes wrong. */
  requests: number
  text: string
  calls: ToolCallScript[]
}

export type ToolCallScript = { id: string; tool: ToolName; service: ServiceScript }

/** `current_date` is the product's own; the others ask a service, `order` with `on_crash: fail`. */
export type ToolName = 'current_date' | 'find' | 'order' | 'refund'

/** What the service does with a call. */
export type ServiceScript = 'answers' | 'breaks' | 'hangs' | 'resets'

/** How long the agent waits for a whole model call, and for a tool. */
export const patience = { modelMs: 4_000, toolSeconds: 3 }

/** A run's tasks, in the order of their submission. */
export function scriptTasks(options: { seed: number; tasks: number; ms: number }): TaskScript[] {
  // Other throws than those of the faults.
  const chance = createChance(options.seed ^ 0x7a5c)
  return Array.from({ length: options.tasks }, (_, at) =>
    scriptTask(at + 1, Math.floor((at * options.ms) / options.tasks), chance),
  )
}

const modes = ['sync', 'background', 'stream'] as const

function scriptTask(number: number, at: number, chance: Chance): TaskScript {
  const count = chance.between(2, 5)
  const failure = chance.happens(0.08) ? scriptFailure(chance) : undefined
  const steps = Array.from({ length: count }, (_, place) => {
    const last = place === count - 1
    if (last && failure !== undefined) return { ...failure, text: '', calls: [] }
    return scriptStep({ number, step: place + 1, last }, chance)
  })
  const answered = failure === undefined ? steps : steps.slice(0, -1)
  const usages = answered.map((_, place) => usageOf(number, place + 1))
  return {
    number,
    mode: modes[number % modes.length] ?? 'sync',
    at,
    steps,
    outcome:
      failure === undefined
        ? { status: 'completed', text: steps.at(-1)?.text ?? '' }
        : { status: 'failed', httpStatus: failure.httpStatus },
    usage: {
      input: usages.reduce((sum, { input }) => sum + input, 0),
      output: usages.reduce((sum, { output }) => sum + output, 0),
    },
  }
}

/** A model call that never works: at once, or after the retries of the product. */
function scriptFailure(chance: Chance) {
  const { status, ...how } = chance.pick([
    { status: 400, httpStatus: 502, requests: 1 },
    { status: 500, httpStatus: 502, requests: 4 },
    { status: 429, httpStatus: 429, requests: 4 },
  ])
  return { replies: [{ status, body: { error: { message: 'by script' } } }], ...how }
}

type Place = { number: number; step: number; last: boolean }

function scriptStep({ number, step, last }: Place, chance: Chance): Step {
  const text = `Task ${number}, step ${step}: ${'so it goes on '.repeat(chance.between(1, 4))}.`
  const calls = last
    ? []
    : Array.from({ length: chance.between(1, 2) }, (_, at) =>
        scriptCall(`t${number}_s${step}_c${at}`, chance),
      )
  const answer: ScriptedReply = {
    delay: chance.between(20, 400),
    chunkDelay: chance.between(5, 20),
    text,
    usage: usageOf(number, step),
    ...(calls.length > 0 && {
      calls: calls.map(({ id, tool, service }) => ({
        id,
        name: tool,
        arguments: tool === 'current_date' ? {} : { call: id, service },
      })),
    }),
  }
  const failures = chance.happens(0.15) ? [scriptTrouble(text, chance)] : []
  const replies = [...failures, answer]
  return { replies, requests: replies.length, text, calls }
}

/** Something that a model call is made again after. */
function scriptTrouble(text: string, chance: Chance): ScriptedReply {
  const half = text.slice(0, text.length / 2)
  return chance.pick<ScriptedReply>([
    { status: 429, headers: { 'retry-after': '1' }, body: { error: { message: 'slow down' } } },
    { status: 500, body: { error: { message: 'oops' } } },
    { fault: 'hang' },
    { text: half, fault: 'stall' },
    { fault: 'reset' },
    { text: half, fault: 'reset' },
    { text: half, fault: 'cut' },
    { text: half, fault: 'bad_json' },
    { fault: 'garbage' },
  ])
}

function scriptCall(id: string, chance: Chance): ToolCallScript {
  const tool = chance.pick(['current_date', 'find', 'order', 'refund'] as const)
  const rough = tool !== 'current_date' && chance.happens(0.15)
  return { id, tool, service: rough ? chance.pick(['breaks', 'hangs', 'resets']) : 'answers' }
}

/** Unlike that of any other step nearby, so that one that is counted twice or left out shows. */
function usageOf(number: number, step: number) {
  return { input: 100 * step + (number % 10), output: 2 ** step }
}

import type { ScriptedReply } from '@longhaul/testing/servers'
import { createChance } from './chance.ts'

/** A task: what its client asks for and when, what its model and tools will do, and how it must end. */
export type TaskScript = {
  number: number
  mode: 'sync' | 'background' | 'stream'
  /** When it is submitted, milliseconds from the start. */
  at: number
  steps: Step[]
  outcome: { status: 'completed'; text: string } | { status: 'failed'; httpStatus: number }
  /** Of all recorded steps together. */
  usage: Usage
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

type Usage = { input: number; output: number }

/** How long the agent waits for a whole model call, and for a tool. */
export const patience = { modelMs: 4_000, toolSeconds: 3 }

const body = { error: { message: 'by script' } }

/** What a model call is made again after: before the answer begins, or in its midst. */
export const modelTroubles: Record<string, (half: string) => ScriptedReply> = {
  'too many requests': () => ({ status: 429, headers: { 'retry-after': '1' }, body }),
  'server error': () => ({ status: 500, body }),
  'no answer': () => ({ fault: 'hang' }),
  'silence in mid-answer': (text) => ({ text, fault: 'stall' }),
  reset: () => ({ fault: 'reset' }),
  'reset in mid-answer': (text) => ({ text, fault: 'reset' }),
  'half a stream': (text) => ({ text, fault: 'cut' }),
  'broken JSON': (text) => ({ text, fault: 'bad_json' }),
  garbage: () => ({ fault: 'garbage' }),
}

/** Model calls that never work: at once, or after the retries of the product. */
const modelFailures = [
  { status: 400, requests: 1, httpStatus: 502 },
  { status: 500, requests: 4, httpStatus: 502 },
  { status: 429, requests: 4, httpStatus: 429 },
]

/** A run's tasks, in the order of their submission. */
export function scriptTasks(options: { seed: number; tasks: number; ms: number }): TaskScript[] {
  const write = createWriter(options.seed)
  return Array.from({ length: options.tasks }, (_, place) =>
    write(place + 1, Math.floor((place * options.ms) / options.tasks)),
  )
}

function createWriter(seed: number) {
  // Other throws than those of the faults.
  const chance = createChance(seed ^ 0x7a5c)
  const mode = chance.bag(['sync', 'background', 'stream'] as const)
  const trouble = chance.bag(Object.values(modelTroubles))
  const failure = chance.bag(modelFailures)
  const tool = chance.bag(['current_date', 'find', 'order', 'refund'] as const)
  const service = chance.bag(['breaks', 'hangs', 'resets'] as const)

  function callOf(id: string): ToolCallScript {
    const name = tool()
    const rough = name !== 'current_date' && chance.happens(0.15)
    return { id, tool: name, service: rough ? service() : 'answers' }
  }

  function stepOf(number: number, step: number, last: boolean): Step {
    const text = `Task ${number}, step ${step}: ${'and so on '.repeat(chance.between(1, 5))}.`
    const count = last ? 0 : chance.between(1, 2)
    const calls = Array.from({ length: count }, (_, at) => callOf(`t${number}_s${step}_c${at}`))
    const answer: ScriptedReply = {
      delay: chance.between(20, 400),
      chunkDelay: chance.between(5, 20),
      text,
      usage: usageOf(number, step),
      ...(calls.length > 0 && { calls: calls.map(toScriptedCall) }),
    }
    const troubles = chance.happens(0.15) ? [trouble()(text.slice(0, text.length / 2))] : []
    const replies = [...troubles, answer]
    return { replies, requests: replies.length, text, calls }
  }

  return (number: number, at: number): TaskScript => {
    const count = chance.between(2, 5)
    const fails = chance.happens(0.08)
    const answered = fails ? count - 1 : count
    const steps = Array.from({ length: answered }, (_, place) =>
      stepOf(number, place + 1, place + 1 === count),
    )
    const usage = sumOf(steps.map((_, place) => usageOf(number, place + 1)))
    if (!fails) {
      const outcome = { status: 'completed' as const, text: steps.at(-1)?.text ?? '' }
      return { number, mode: mode(), at, steps, outcome, usage }
    }
    const { status, requests, httpStatus } = failure()
    const outcome = { status: 'failed' as const, httpStatus }
    const broken = { replies: [{ status, body }], requests, text: '', calls: [] }
    return { number, mode: mode(), at, steps: [...steps, broken], outcome, usage }
  }
}

function toScriptedCall({ id, tool, service }: ToolCallScript) {
  return { id, name: tool, arguments: tool === 'current_date' ? {} : { call: id, service } }
}

/** Unlike that of any other step nearby, so that one that is counted twice or left out shows. */
function usageOf(number: number, step: number): Usage {
  return { input: 100 * step + (number % 10), output: 2 ** step }
}

function sumOf(usages: Usage[]): Usage {
  return usages.reduce((sum, { input, output }) => ({
    input: sum.input + input,
    output: sum.output + output,
  }))
}

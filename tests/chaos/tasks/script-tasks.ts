import type { ScriptedReply } from '@longhaul/testbed/servers'
import { type SeededRandom, createSeededRandom } from './seeded-random.ts'
import { heavyTasks } from './heavy-tasks.ts'
import { shortTasks } from './short-tasks.ts'
import { turnOptions } from './turn-options.ts'
import { limitedWorkspaces } from './workspaces.ts'
import { modelFailures, transientModelFailures } from './model-failures.ts'
import { poisonKills } from '../faults/plan-faults.ts'
import { toScriptedCall } from './scripted-call.ts'
import { impatientAgent, maxIterations } from '../cluster/create-agents.ts'
import {
  callsService,
  callFlaws,
  failingServices,
  type Moment,
  type Outcome,
  type Step,
  type TaskScript,
  type ToolCallScript,
} from './task-script.ts'

type Options = {
  seed: number
  tasks: number
  ms: number
  /** When poisonous tasks are submitted. */
  poisons: number[]
  /** When heavy tasks are submitted. */
  pressures?: number[]
}

/** A run's tasks, in the order of their submission. */
export function scriptTasks({ seed, tasks, ms, poisons, pressures = [] }: Options): TaskScript[] {
  // A random sequence of its own, independent of that of the faults.
  const write = createWriter(createSeededRandom(seed ^ 0x7a5c))
  // The same for their workspaces.
  const spread = createSeededRandom(seed ^ 0x5ba7)
  const usual = Array.from({ length: tasks }, (_, place) => ({
    ...write.task(place + 1, Math.floor((place * ms) / tasks)),
    ...workspaceOf(spread),
  }))
  const poisonous = poisons.map((at, place) => write.poison(tasks + place + 1, at))
  const heavy: TaskScript[] = []
  for (const at of pressures) {
    heavy.push(...heavyTasks(tasks + poisons.length + heavy.length + 1, at))
  }
  const first = tasks + poisons.length + heavy.length + 1
  const short = shortTasks(first, { ms, random: spread })
  return [...usual, ...poisonous, ...heavy, ...short].toSorted((a, b) => a.at - b.at)
}

/** Half of the tasks are in workspaces whose limits change, and have options. */
function workspaceOf(random: SeededRandom): Pick<TaskScript, 'workspace'> {
  const options = turnOptions(random)
  const workspace = limitedWorkspaces[random.between(0, 2 * limitedWorkspaces.length - 1)]
  return workspace === undefined ? {} : { workspace, ...options }
}

/** The special tasks: one of every `specialEvery` tasks. */
const specials = [
  'fails',
  'fails',
  'fails',
  'endless',
  'twins',
  'twins',
  'cancelled when accepted',
  'cancelled at work',
  'cancelled at work',
  'cancelled at the end',
  'cancelled at the end',
] as const
const specialEvery = 3

function createWriter(random: SeededRandom) {
  const mode = random.bag(['sync', 'background', 'stream'] as const)
  const special = random.bag(specials)
  const failure = random.bag(modelFailures)
  const stepOf = createStepWriter(random)

  function stepsOf(number: number, count: number, calling: number): Step[] {
    return Array.from({ length: count }, (_, place) => stepOf(number, place + 1, place < calling))
  }

  function usual(number: number): { steps: Step[]; outcome: Outcome } {
    const count = random.between(2, 5)
    const steps = stepsOf(number, count, count - 1)
    return { steps, outcome: { status: 'completed', reason: 'stop', text: textOf(steps) } }
  }

  /** The task calls tools until it is stopped. */
  function endless(number: number): { steps: Step[]; outcome: Outcome } {
    const steps = stepsOf(number, maxIterations, maxIterations)
    const text = textOf(steps)
    return { steps, outcome: { status: 'completed', reason: 'max_iterations', text } }
  }

  /** The agent of the task does not wait for the end of an outage. */
  function failing(number: number): Pick<TaskScript, 'steps' | 'outcome' | 'agent'> {
    const count = random.between(1, 4)
    const { reply, requests, httpStatus } = failure()
    const broken = { replies: [reply], requests, text: '', calls: [] }
    const steps = [...stepsOf(number, count, count), broken]
    const outcome = { status: 'failed', code: 'provider_failed', httpStatus } as const
    return { steps, outcome, agent: impatientAgent }
  }

  function cancelled(number: number, choose: (steps: Step[]) => Moment) {
    const script = usual(number)
    return { ...script, cancel: choose(script.steps) }
  }

  function written(number: number) {
    switch (number % specialEvery === 0 ? special() : undefined) {
      case undefined:
        return usual(number)
      case 'fails':
        return failing(number)
      case 'endless':
        return endless(number)
      case 'twins':
        return { ...usual(number), twins: true as const }
      case 'cancelled when accepted':
        return cancelled(number, () => ({ step: 0, after: random.between(0, 30) }))
      case 'cancelled at work':
        return cancelled(number, ({ length }) => ({
          step: random.between(1, length),
          after: random.between(0, 400),
        }))
      case 'cancelled at the end':
        return cancelled(number, (steps) => ({
          step: steps.length,
          after: Math.max(0, durationOf(steps.at(-1)?.replies.at(-1)) + random.between(-80, 80)),
        }))
    }
  }

  return {
    task: (number: number, at: number): TaskScript => ({
      number,
      mode: mode(),
      at,
      ...written(number),
    }),

    poison(number: number, at: number): TaskScript {
      const hang: Step = {
        replies: [{ fault: 'hang' }],
        requests: poisonKills,
        text: '',
        calls: [],
      }
      const steps = [...stepsOf(number, 1, 1), hang]
      const outcome = { status: 'failed', code: 'worker_crashed', httpStatus: 500 } as const
      return { number, mode: mode(), at, steps, outcome, poisonous: true }
    },
  }
}

function textOf(steps: Step[]): string {
  return steps.at(-1)?.text ?? ''
}

/** The approximate duration of an answer, in milliseconds. */
function durationOf({ delay = 0, chunkDelay = 0, text = '' }: ScriptedReply = {}): number {
  return delay + chunkDelay * String(text).split(' ').length
}

function createStepWriter(random: SeededRandom) {
  const trouble = random.bag(Object.values(transientModelFailures))
  const tool = random.bag(['current_date', 'call_sub_agent', 'find', 'order', 'refund'] as const)
  const service = random.bag([...failingServices, 'long'] as const)
  const flaw = random.bag(callFlaws)

  function callOf(id: string): ToolCallScript {
    const call: ToolCallScript = { id, tool: tool(), service: 'answers' }
    if (callsService(call.tool) && random.happens(0.15)) return { ...call, service: service() }
    return random.happens(0.06) ? { ...call, flaw: flaw() } : call
  }

  return (number: number, step: number, calling: boolean): Step => {
    const text = `Task ${number}, step ${step}: ${'and so on '.repeat(random.between(1, 5))}.`
    const count = calling ? random.between(1, 2) : 0
    const calls = Array.from({ length: count }, (_, at) => callOf(`t${number}_s${step}_c${at}`))
    // Differs from that of nearby steps, so that a step that is counted twice or left out is noticed.
    const usage = { input: 100 * step + (number % 10), output: 2 ** step }
    const answer: ScriptedReply = {
      delay: random.between(20, 400),
      chunkDelay: random.between(5, 20),
      text,
      usage,
      ...(calls.length > 0 && { calls: calls.map(toScriptedCall) }),
    }
    const troubles = random.happens(0.15) ? [trouble()(text.slice(0, text.length / 2))] : []
    const replies = [...troubles, answer]
    return { replies, requests: replies.length, text, calls, usage }
  }
}

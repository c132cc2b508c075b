import {
  type RecordedRequest,
  type ScriptedReply,
  type ServedReply,
  type ServedRequest,
  startFlakyProxy,
  startScriptedModel,
  startScriptedServer,
} from '@longhaul/testbed/servers'
import { EventEmitter, once } from 'node:events'
import type { RequestedStep, ServedCall } from '../evidence/evidence.ts'
import type { AtEnd } from './at-end.ts'
import type { ServiceScript } from '../tasks/task-script.ts'

export type ExpectedStep = { task: number; step: number }

/** Replies of the model instead of those in its conversations. */
type Decide = (asked: RequestedStep, request: RecordedRequest) => ScriptedReply | undefined

/** The model and the service of the tools, each behind a proxy and with a log of its requests. */
export async function startVendors(atEnd: AtEnd) {
  const asked: RequestedStep[] = []
  const news = new EventEmitter().setMaxListeners(0)
  let decide: Decide = asItSays
  let refusal: (() => ScriptedReply | undefined) | undefined
  const model = await startScriptedModel({
    keep: Infinity,
    decide(request) {
      const refused = refusal?.()
      const step = { ...askedStep(request), ...(refused && { refused: true as const }) }
      asked.push(step)
      news.emit(keyOf(step), step)
      return refused ?? decide(step, request)
    },
  })
  atEnd(() => model.close())
  const service = await startScriptedServer()
  atEnd(() => service.close())
  const served: ServedCall[] = []
  service.reply((request) => {
    served.push(servedCall(request))
    return answerOf(request)
  })
  const toModel = await startFlakyProxy(model.url)
  const toTools = await startFlakyProxy(service.url)
  atEnd(() => toModel.close())
  atEnd(() => toTools.close())
  return {
    model,
    toModel,
    toTools,
    modelUrl: toModel.url,
    toolsUrl: toTools.url,
    asked: asked as readonly RequestedStep[],
    served: served as readonly ServedCall[],

    decide(next: Decide) {
      decide = next
    },

    /** Answers every model request with this reply; restores the usual replies when undefined. */
    refuseWith(reply: (() => ScriptedReply | undefined) | undefined) {
      refusal = reply
    },

    /** Resolves when the model has received the request for a step of a task. */
    onRequest: async (wanted: ExpectedStep, signal: AbortSignal): Promise<RequestedStep> => {
      for (;;) {
        const found = asked.find((each) => each.task === wanted.task && each.step === wanted.step)
        if (found !== undefined) return found
        await once(news, keyOf(wanted), { signal })
      }
    },
  }
}

function asItSays(): undefined {}

function keyOf({ task, step }: { task: number; step: number }): string {
  return `${task}.${step}`
}

const longText = 'so it goes on and on, '.repeat(10_000)
const largeText = longText.repeat(5).slice(0, 1_000_000)
const hugeText = longText.repeat(10)

function answerOf({ path, headers }: ServedRequest): ServedReply {
  const how = path.split('/')[2] as ServiceScript
  const answer = { body: { done: headers['idempotency-key'] }, delay: 20 + (path.length % 7) * 40 }
  switch (how) {
    case 'answers':
      return answer
    case 'long':
      return { ...answer, body: { ...answer.body, text: longText } }
    case 'large':
      return { ...answer, body: { ...answer.body, text: largeText } }
    case 'breaks':
      return { status: 500, body: 'by script' }
    case 'hangs':
      return { fault: 'hang' }
    case 'resets':
      return { fault: 'reset' }
    case 'huge':
      return { ...answer, body: hugeText }
  }
}

function servedCall({ method, path, headers }: ServedRequest): ServedCall {
  const [responseId = '', callId = ''] = String(headers['idempotency-key']).split('.')
  return { at: Date.now(), responseId, callId, method, tool: path.split('/')[1] ?? '' }
}

function askedStep({ at, idempotencyKey = '', headers, body }: RecordedRequest): RequestedStep {
  const [responseId = '', step] = idempotencyKey.split('.')
  const worker = headers.authorization?.replace('Bearer ', '') ?? ''
  return { at, responseId, step: Number(step), task: taskOf(body), worker }
}

/** The number of the task, from the first user message of the conversation. */
function taskOf({ messages = [] }: RecordedRequest['body']): number {
  const said = JSON.stringify(messages.find(({ role }) => role === 'user'))
  return Number(/task\\*":(\d+)/.exec(said)?.[1])
}

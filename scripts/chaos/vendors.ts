import {
  type RecordedRequest,
  type ServedReply,
  type ServedRequest,
  startFlakyProxy,
  startScriptedModel,
  startScriptedServer,
} from '@longhaul/testing/servers'
import type { AskedStep, ServedCall } from './evidence.ts'
import type { AtEnd } from './house.ts'
import type { ServiceScript } from './script-task.ts'

export type Vendors = Awaited<ReturnType<typeof startVendors>>

/** The model and the tools' service, behind a proxy each, with logs of their own of what they were asked. */
export async function startVendors(atEnd: AtEnd) {
  const model = await startScriptedModel({ keep: Infinity })
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
    toModel,
    toTools,
    modelUrl: toModel.url,
    toolsUrl: toTools.url,
    served,
    asked: () => model.requests.map(askedStep),
    lastAskedAt: () => model.requests.at(-1)?.at ?? 0,
  }
}

function answerOf({ path, headers }: ServedRequest): ServedReply {
  const how = path.split('/')[2] as ServiceScript
  switch (how) {
    case 'answers':
      return { body: { done: headers['idempotency-key'] }, delay: 20 + (path.length % 7) * 40 }
    case 'breaks':
      return { status: 500, body: 'by script' }
    case 'hangs':
      return { fault: 'hang' }
    case 'resets':
      return { fault: 'reset' }
  }
}

function servedCall({ method, path, headers }: ServedRequest): ServedCall {
  const [responseId = '', callId = ''] = String(headers['idempotency-key']).split('.')
  return { at: Date.now(), responseId, callId, method, tool: path.split('/')[1] ?? '' }
}

function askedStep({ at, idempotencyKey = '', headers, body }: RecordedRequest): AskedStep {
  const [responseId = '', step] = idempotencyKey.split('.')
  const worker = headers.authorization?.replace('Bearer ', '') ?? ''
  return { at, responseId, step: Number(step), task: taskOf(body), worker }
}

/** The number of the task that the conversation's first message from a user names. */
function taskOf({ messages = [] }: RecordedRequest['body']): number {
  const said = JSON.stringify(messages.find(({ role }) => role === 'user'))
  return Number(/task\\*":(\d+)/.exec(said)?.[1])
}

import type { Fact, TurnStarted } from '@longhaul/core'
import { expect, test } from 'vitest'
import { eventOf } from './events.ts'
import { withHistory } from './message-history.ts'
import { StreamEvent } from './stream-event.ts'

const started = {
  type: 'turn.started',
  turn: 2,
  plan: 'p',
  model: 'x/y',
  assistantMessageId: 'am',
  traceId: 't',
  spanId: 's',
} satisfies TurnStarted
const recorded = { v: 1, pos: 7, at: 0 }
const goesOn: Fact = { ...started, ...recorded, redrive: { turn: 1, userMessageId: 'm1' } }

test('a redriven turn names the message that it answers, and does not repeat it', () => {
  const event = eventOf('01K00000000000000000000000', goesOn)?.event
  expect(StreamEvent.parse(event)).toEqual(event)
  expect(event).toMatchObject({ type: 'response.started', data: { userMessageId: 'm1' } })
  const returned: Fact = {
    type: 'tool.returned',
    callId: 'c',
    toolId: 't',
    result: 1,
    ms: 1,
    ...recorded,
  }
  expect(withHistory({ output: [] }, [goesOn, returned]).output).toEqual([
    {
      messageId: 'am.0',
      role: 'tool',
      parts: [{ kind: 'tool_result', tool_call_id: 'c', result: 1 }],
    },
  ])
})

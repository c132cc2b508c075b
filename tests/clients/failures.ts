import type { ScriptedReply } from '@longhaul/testbed'

/** The answer of a vendor that answers. */
export const wholeAnswer = 'Here is the whole answer.'

/** How long a synchronous call waits before the head of its reply is sent. */
export const syncWaitMs = 3_000

const answer: ScriptedReply = { text: wholeAnswer }
const overloaded: ScriptedReply = { status: 500, body: { error: { message: 'overloaded' } } }
const refused: ScriptedReply = {
  status: 400,
  body: refusal({ message: 'a wrong parameter' }),
}
const tooMany: ScriptedReply = {
  status: 429,
  headers: { 'retry-after': '1' },
  body: { error: { message: 'slow down' } },
}

/** What the vendor answers to the tries of one model call, by the failure's row in the table. The last one repeats. */
export const vendorFailures: Record<string, ScriptedReply[]> = {
  '429 with `Retry-After`, then an answer': [tooMany, answer],
  '429 with `Retry-After`, each time': [tooMany],
  '500, then an answer': [overloaded, answer],
  '500, each time': [overloaded],
  '400, each time': [refused],
  'the context is too long': [
    { status: 400, body: refusal({ code: 'context_length_exceeded', message: 'too many tokens' }) },
  ],
  'a content filter': [{ text: 'Here is', finish: 'content_filter' }],
  'an empty answer, each time': [{}],
  'a stream that is cut, then an answer': [{ text: 'Here is', fault: 'cut' }, answer],
  'a stream that is cut, each time': [{ text: 'Here is', fault: 'cut' }],
  'an answer after `LONGHAUL_SYNC_WAIT`': [{ delay: syncWaitMs + 1_000, ...answer }],
  '400 after `LONGHAUL_SYNC_WAIT`': [{ delay: syncWaitMs + 1_000, ...refused }],
}

function refusal(error: { message: string; code?: string }): unknown {
  return { error: { type: 'invalid_request_error', ...error } }
}

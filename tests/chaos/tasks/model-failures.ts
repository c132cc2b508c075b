import type { ScriptedReply } from '@longhaul/testbed/servers'

const body = { error: { message: 'by script' } }

/** Failures after which a model call is repeated: before the answer begins, or in the middle of it. */
export const transientModelFailures: Record<string, (half: string) => ScriptedReply> = {
  'too many requests': () => ({ status: 429, headers: { 'retry-after': '1' }, body }),
  /** Long enough for the turn to be parked. */
  'too many for long': () => ({ status: 429, headers: { 'retry-after': '11' }, body }),
  'server error': () => ({ status: 500, body }),
  'no answer': () => ({ fault: 'hang' }),
  'silence in mid-answer': (text) => ({ text, fault: 'stall' }),
  reset: () => ({ fault: 'reset' }),
  'reset in mid-answer': (text) => ({ text, fault: 'reset' }),
  'half a stream': (text) => ({ text, fault: 'cut' }),
  'broken JSON': (text) => ({ text, fault: 'bad_json' }),
  garbage: () => ({ fault: 'garbage' }),
}

const noCredit = { error: { message: 'by script', code: 'insufficient_quota' } }

/** Failures that end a turn: at once, or after the retries of the product. */
export const modelFailures: { reply: ScriptedReply; requests: number; httpStatus: number }[] = [
  { reply: { status: 400, body }, requests: 1, httpStatus: 502 },
  { reply: { status: 429, body: noCredit }, requests: 1, httpStatus: 429 },
  { reply: { fault: 'garbage' }, requests: 4, httpStatus: 502 },
]

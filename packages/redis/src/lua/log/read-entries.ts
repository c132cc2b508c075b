import { statuses } from '../../log/head-fields.ts'
import { digits, number } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const readEntriesScript = defineScript(import.meta.url, {
  keys: ['head', 'log', 'deltas'],
  args: {
    /** The number of facts that were read before. */
    fact: number,
    /** The number up to which deltas were read before. */
    pos: digits,
    limit: number,
    maxBytes: number,
  },
  reply: reply.maybe(
    reply.tuple({
      status: reply.oneOf(...statuses),
      turn: reply.number,
      pos: reply.number,
      texts: reply.list(reply.text),
      pieces: reply.list(reply.tuple({ id: reply.text, fields: reply.list(reply.text) })),
      hidden: reply.text,
      moreFacts: reply.bit,
      moreDeltas: reply.bit,
    }),
  ),
})

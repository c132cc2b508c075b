import { ringKeys, ringPatterns } from '../../connection/keys.ts'
import { clockText, flag, number, rows } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

const use = { running: reply.number, limit: reply.unlessEmpty(reply.number) }

export const readWaitingScript = defineScript(import.meta.url, {
  keys: [...ringKeys, 'workers'],
  args: {
    clockTime: clockText,
    /** A worker that is silent for longer counts as dead. */
    silentMs: number,
    isBrief: flag,
  },
  tails: { turns: rows({ args: ['task', 'turn'] }) },
  patterns: [...ringPatterns, 'head', 'log', 'broken'],
  reply: reply.tuple({
    now: reply.number,
    workers: reply.number,
    turns: reply.list(
      reply.tuple({
        taskId: reply.text,
        lastFactAt: reply.number,
        parked: reply.unlessEmpty(reply.text),
        place: reply.oneOf('parked', 'lane', 'returned', 'newer', 'broken', 'none'),
        ahead: reply.unlessEmpty(reply.number),
        returnsAt: reply.unlessEmpty(reply.number),
        isLost: reply.bit,
        startAt: reply.unlessEmpty(reply.number),
        rate: reply.unlessEmpty(reply.text),
        isPaused: reply.bit,
        running: use.running,
        limit: use.limit,
        keyRunning: use.running,
        keyLimit: use.limit,
        holders: reply.list(reply.text),
      }),
    ),
  }),
})

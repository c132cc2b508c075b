import { number } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const raiseShardCountScript = defineScript(import.meta.url, {
  keys: ['shardCount'],
  args: {
    own: number,
  },
  reply: reply.number,
})

import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const tryWriteScript = defineScript(import.meta.url, {
  keys: ['shardCount'],
  args: {},
  reply: reply.oneOf('ok'),
})

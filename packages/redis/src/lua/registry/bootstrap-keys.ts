import { digits, rows } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const bootstrapKeysScript = defineScript(import.meta.url, {
  keys: ['bootstrap', 'generation'],
  args: {
    ownGeneration: digits,
  },
  tails: {
    written: rows({ keys: ['key'], args: ['id', 'workspace', 'hash'] }),
    removed: rows({ keys: ['key'], args: ['id'] }),
  },
  reply: reply.oneOf('ok', 'stale', 'superseded'),
})

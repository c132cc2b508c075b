import { flag, optionalText } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const claimNamespaceScript = defineScript(import.meta.url, {
  keys: ['installationMark'],
  args: {
    installation: optionalText,
    mayTakeFree: flag,
  },
  reply: reply.text,
})

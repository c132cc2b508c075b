import { number, text } from '../arguments.ts'
import { defineScript } from '../define-script.ts'
import * as reply from '../reply.ts'

export const removeReviewScript = defineScript(import.meta.url, {
  keys: ['log', 'reviews'],
  args: {
    /** The member of `reviews`, `<workspace>:<task id>`. */
    review: text,
    /** The number of facts that the caller has folded. */
    folded: number,
  },
  reply: reply.bit,
})

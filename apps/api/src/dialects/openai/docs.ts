import type { Base, Dialect } from '../dialect.ts'

/** A base path. The name distinguishes its operations from those of other base paths. */
export function base(path: string, name: string): Base {
  return {
    path,
    id: 'response_id',
    operations: {
      create: `create${name}Response`,
      read: `retrieve${name}Response`,
      cancel: `cancel${name}Response`,
      delete: `delete${name}Response`,
      inputItems: `list${name}InputItems`,
    },
  }
}

/** What the OpenAPI document says of the operations of this dialect. */
export const docs: Dialect['docs'] = {
  tag: 'OpenAI Responses',
  create: {
    summary: 'Create a response',
    description:
      'The same tasks in the dialect of OpenAI Responses. The turn runs to its end whether or not somebody waits for it; one that fails is a response with the status `failed`.',
    replies: { 200: 'The response.' },
    errors: {
      404: 'There is no such agent.',
      409: 'The task has a turn in progress.',
      422: 'The task is full, or the Idempotency-Key belongs to another request.',
      504: 'The turn has not ended yet and continues.',
    },
  },
  read: {
    summary: 'Read a response, or its stream',
    description:
      'Of any turn, whichever way and in whichever dialect it was made, for as long as its task is kept.',
    replies: { 200: 'The response as it is now.' },
  },
  cancel: {
    summary: 'Cancel a response',
    description:
      'No model or tool is called any more, and what runs is stopped. Idempotent. A response that has ended stays what it is, and is refused where somebody has waited for it.',
    replies: { 200: 'The response, cancelled or as it had ended.' },
  },
  delete: {
    summary: 'Delete a response',
    description:
      'It is as if it had never been; what runs is cancelled. What its conversation has said after it still builds on it. The last response of a task takes the task with it.',
    replies: { 200: 'The response is gone.' },
  },
}

import { WaitQuery } from '../../../request/wait-query.ts'
import type { Dialect } from '../../dialect.ts'
import { IncludeQuery } from './message-history.ts'

/** The texts of the operations of this dialect in the OpenAPI document. */
export const docs: Dialect['docs'] = {
  tag: 'Responses',
  create: {
    summary: 'Create a response',
    description: [
      'Starts a task, or continues the task in `task_id`. The turn runs to its end, even if the client disconnects.',
      'A body with `input` instead of `message` is a request of OpenAI Responses, and its reply has the same format.',
      'By default the reply is sent when the turn has ended. With `background` it is sent at once, without output: read the result later with GET. With `stream` it is a stream of server-sent events.',
    ].join('\n\n'),
    query: IncludeQuery,
    replies: { 200: 'The response: ended, or accepted (`background`), or as a stream (`stream`).' },
    errors: {
      409: 'The task has a turn in progress, or the turn was cancelled.',
      422: 'The turn failed: `context_too_long` or `task_full`.',
      429: 'Or the turn failed: its model provider refused too many requests.',
      502: 'The turn failed: `provider_failed`, `output_too_large` or `output_invalid`.',
      504: 'The turn has not ended yet and continues, or it exceeded its deadline, or it expired before a worker had it.',
    },
  },
  read: {
    summary: 'Read the latest turn of a task',
    description:
      'Returns the task as it is now. A response that was created in the format of OpenAI Responses, and that the path names by its own id, is returned in that format.',
    query: IncludeQuery,
    replies: { 200: 'The latest turn in its current state.' },
  },
  cancel: {
    summary: 'Cancel the turn of a task',
    description:
      'Stops running model and tool calls and makes no new ones. The turn fails with the error `cancelled`. Idempotent: a turn that has ended does not change.',
    query: WaitQuery,
    replies: { 200: 'The turn has ended.', 202: 'The turn is being cancelled.' },
  },
  delete: {
    summary: 'Delete a task',
    description:
      'Cancels the running turn and deletes all data of the task, at once and permanently. If the path has the id of a response, only that response is deleted. The task is deleted with its last response.',
    replies: { 200: 'The response is deleted.', 204: 'The task is deleted.' },
  },
}

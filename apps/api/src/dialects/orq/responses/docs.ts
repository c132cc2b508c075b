import { WaitQuery } from '../../../request/wait-query.ts'
import type { Dialect } from '../../dialect.ts'
import { IncludeQuery } from './message-history.ts'

/** What the OpenAPI document says of the operations of this dialect. */
export const docs: Dialect['docs'] = {
  tag: 'Responses',
  create: {
    summary: 'Create a response',
    description: [
      'Begins a task, or goes on with the one that `task_id` names. The turn runs to its end whether or not somebody waits for it.',
      'A body with `input` in place of `message` is one of OpenAI Responses, and so is its reply.',
      'The reply comes when the turn has ended; with `background`, at once and without output, to be read later with GET; with `stream`, as server-sent events.',
    ].join('\n\n'),
    query: IncludeQuery,
    replies: { 200: 'The turn: ended, or just accepted, or as it goes.' },
    errors: {
      409: 'The task has a turn in progress, or the turn was cancelled.',
      422: 'The turn failed: `context_too_long` or `task_full`.',
      429: 'The turn failed: its model has had too many requests.',
      502: 'The turn failed: `provider_failed`, `output_too_large` or `output_invalid`.',
      504: 'The turn has not ended yet and continues, or it passed its deadline.',
    },
  },
  read: {
    summary: 'Read the latest turn of a task',
    description:
      'A response that was made in the dialect of OpenAI Responses, and is named by its own id, is shown in it.',
    query: IncludeQuery,
    replies: { 200: 'The turn as it is now.' },
  },
  cancel: {
    summary: 'Cancel the turn of a task',
    description:
      'No model or tool is called any more, and what runs is stopped. The turn fails with the error `cancelled`; one that has ended stays what it is, so cancelling is idempotent.',
    query: WaitQuery,
    replies: { 200: 'The turn has ended.', 202: 'The turn is being stopped.' },
  },
  delete: {
    summary: 'Delete a task',
    description:
      'Cancels the turn that runs and deletes all that the task holds, at once and for good. Where the id of a response is given, that one is deleted, and its task with the last of them.',
    replies: { 200: 'The response is gone.', 204: 'The task is gone.' },
  },
}

import { z } from 'zod'
import type { Base, Dialect } from '../dialect.ts'

/** A base path. The name distinguishes its operations from those of other base paths. */
export function base(path: string, name: string): Base {
  return {
    path,
    id: 'response_id',
    operationIds: {
      create: `create${name}Response`,
      read: `retrieve${name}Response`,
      start: `start${name}Response`,
      cancel: `cancel${name}Response`,
      delete: `delete${name}Response`,
      inputItems: `list${name}InputItems`,
    },
  }
}

/** The texts of the operations of this dialect in the OpenAPI document. */
export const docs: Dialect['docs'] = {
  tag: 'OpenAI Responses',
  create: {
    summary: 'Create a response',
    description:
      'Starts or continues a task, in the format of OpenAI Responses. The turn runs to its end, even if the client disconnects. A synchronous call waits for its end. After `LONGHAUL_SYNC_WAIT` its status 200 is sent, then white space, and at the end the response: a turn that has failed by then is a response with the status `failed`.',
    replies: { 200: 'The response.' },
    replyHeaders: rateHeaders(),
    errors: {
      400: 'The request is not valid, and `errors` names the fields; the turn has failed; or the server shuts down, and the turn continues (`wait_expired`): read the response with GET.',
      404: 'The workspace has no such agent, or no item with an id of the input.',
      409: 'The task has a turn in progress.',
      422: 'The task is full, or the Idempotency-Key belongs to another request.',
      503: 'The store is not available, or the server shuts down. If the body has a `response_id`, the turn may continue: read it with GET, or repeat the request.',
    },
  },
  read: {
    summary: 'Read a response or its stream',
    description:
      'Reads the response of any turn until the retention of its task is over. The turn may have been created in any dialect and in any way.',
    replies: { 200: 'The response in its current state.' },
  },
  cancel: {
    summary: 'Cancel a response',
    description:
      'Stops running model and tool calls and makes no new ones. Idempotent. A response that has ended does not change. The cancel of an ended response that was not created with `background` is refused.',
    replies: { 200: 'The response, cancelled or as it ended.' },
  },
  delete: {
    summary: 'Delete a response',
    description:
      'Cancels the turn if it runs, and removes the response from every view. Its messages stay in the history of later turns of the same conversation. The task is deleted with its last response.',
    replies: { 200: 'The response is deleted.' },
  },
}

/** The headers in which clients of OpenAI read their limits. */
function rateHeaders(): Record<string, z.ZodType> {
  const whose = {
    requests: 'requests of the workspace, or of the model',
    tokens: 'tokens of the model',
  }
  const kinds = {
    limit: 'The limit of the',
    remaining: 'What is left of the',
    reset:
      'The time until the whole limit is available (such as `1.5s`), or more when nothing is left, of the',
  }
  const headers = Object.entries(kinds).flatMap(([kind, what]) =>
    Object.entries(whose).map(([unit, of]) => {
      const name = `x-ratelimit-${kind}-${unit}`
      const description = `${what} ${of}, where they have a rate.`
      return [
        name,
        z
          .string()
          .optional()
          .meta({ description, header: { id: name } }),
      ] as const
    }),
  )
  return Object.fromEntries(headers)
}

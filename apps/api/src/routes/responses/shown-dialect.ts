import { invalid, type LonghaulError, parseResponseId, type Status } from '@longhaul/core'
import type { Deps } from '../../deps.ts'
import { type Dialect, dialectOf, formatOf } from '../../dialects/format.ts'

/**
 * The dialect in which a task is shown: the one that is asked for; of a response that is named by its own id, the one that
 * it was made in. Rejects with not_found.
 */
export async function dialectFor(
  named: { workspace: string; agent: string; id: string },
  query: URLSearchParams,
  { tasks, admit }: Pick<Deps, 'tasks'> & { admit: (bytes: number, status: Status) => void },
): Promise<Dialect> {
  const asked = formatOf(query)
  if (asked !== undefined) return asked
  if (parseResponseId(named.id) === undefined) return 'orq'
  return dialectOf(await tasks.started(named, admit))
}

/** To who wants an OpenAI stream of what is shown in the other dialect. */
export function watchInstead(): LonghaulError {
  return invalid('stream', 'is for the dialect of OpenAI Responses: read …/events in place of it')
}

import { parseResponseId, type Status } from '@longhaul/core'
import type { Deps } from '../../deps.ts'
import type { Dialect, Named } from '../../dialects/dialect.ts'
import { dialectOf, formatOf } from '../../dialects/index.ts'
import type { Mount } from './mount.ts'

type Found = {
  query: URLSearchParams
  tasks: Deps['tasks']
  admit: (bytes: number, status: Status) => void
}

/**
 * The dialect of the reply: the dialect in `format`, else that of the path. A path that accepts all dialects returns a
 * response id in the dialect in which the response was created. Rejects with not_found.
 */
export async function replyDialect(
  named: Named,
  { dialect, base }: Mount,
  { query, tasks, admit }: Found,
): Promise<Dialect> {
  const requested = formatOf(query)
  if (requested !== undefined) return requested
  if (!base.takesAll || parseResponseId(named.id) === undefined) return dialect
  const { started } = await tasks.started(named, admit)
  return dialectOf(started)
}

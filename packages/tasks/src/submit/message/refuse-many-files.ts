import { type InputFile, invalid, limits } from '@longhaul/core'
import type { TurnRequest } from '../turn-request.ts'

/** Refuses results with too many files: in one result, or in all results of the request. */
export function refuseManyFiles({
  before = [],
  message,
}: Pick<TurnRequest, 'before' | 'message'>): void {
  const { perResult, perRequest } = limits.resultFiles
  let total = 0
  for (const prior of [...before, message]) {
    for (const [at, { files = [] }] of resultsOf(prior).entries()) {
      total += files.length
      const path = prior.paths?.[at] ?? `message.parts[${at}].files`
      if (files.length > perResult) {
        throw invalid(path, `has ${files.length} files: ${perResult} are allowed in a result`)
      }
      if (total > perRequest) {
        throw invalid(
          path,
          `has file ${perRequest + 1} of all results of the request: ${perRequest} are allowed`,
        )
      }
    }
  }
}

type Message = NonNullable<TurnRequest['before']>[number] | TurnRequest['message']

/** The results of a message, each at the index of its path. */
function resultsOf(message: Message): { files?: InputFile[] }[] {
  if (message.role !== 'tool') return []
  if ('results' in message) return message.results
  return message.parts.map((part) => (part.kind === 'tool_result' ? part : {}))
}

import { type FieldError, LonghaulError } from '@longhaul/core'

/** The names of a dialect for the fields in domain errors. */
export type ErrorNames = {
  /**
   * Maps paths of the domain to paths of the dialect. The longest prefix that matches is replaced. `[]` matches any
   * index. `*` at the end matches the rest of the path, which the dialect's path may place elsewhere.
   */
  fields: Record<string, string>
  /** Maps the ends of messages that name a field within a sentence. */
  texts?: Record<string, string>
}

/** Maps a domain error to the error of a dialect, and returns any other error unchanged. */
export type ErrorPaths = (error: unknown) => unknown

export function errorPaths({ fields, texts = {} }: ErrorNames): ErrorPaths {
  const rules = Object.entries(fields)
    .toSorted(([a], [b]) => b.length - a.length)
    .map(([ours, theirs]) => ({ pattern: patternOf(ours), replacement: replacementOf(theirs) }))
  const endings = Object.entries(texts)

  function pathOf(path: string): string {
    const rule = rules.find(({ pattern }) => pattern.test(path))
    return rule === undefined ? path : path.replace(rule.pattern, rule.replacement)
  }

  function textOf(text: string): string {
    const ending = endings.find(([ours]) => text.endsWith(ours))
    if (ending === undefined) return text
    const [ours, theirs] = ending
    return text.slice(0, text.length - ours.length) + theirs
  }

  function messageOf(message: string, [first]: FieldError[]): string {
    if (first === undefined || !message.startsWith(`${first.path}: `)) return textOf(message)
    return pathOf(first.path) + textOf(message.slice(first.path.length))
  }

  return (error) => {
    if (!(error instanceof LonghaulError)) return error
    const { code, cause, status, reason, type, retryAfterSeconds, maybeDone } = error
    return new LonghaulError(code, messageOf(error.message, error.fields), {
      cause,
      ...(status !== undefined && { status }),
      reason,
      ...(type !== undefined && { type }),
      retryAfterSeconds,
      maybeDone,
      fields: error.fields.map(({ path, message }) => ({
        path: pathOf(path),
        message: textOf(message),
      })),
      details: detailsOf(error.details),
    })
  }
}

/**
 * A pattern that matches `a[].b` as a prefix of a path, before a `.`, a `[` or the end. It captures the indexes and the
 * rest.
 */
function patternOf(ours: string): RegExp {
  const rest = ours.endsWith('*')
  const beginning = (rest ? ours.slice(0, -1) : ours).replaceAll('.', String.raw`\.`)
  const indexed = beginning.replaceAll('[]', String.raw`\[(\d+)\]`)
  return new RegExp(rest ? `^${indexed}(.*)$` : `^${indexed}(?=[.[]|$)`, 's')
}

/** The replacement, with the captured groups in order. */
function replacementOf(theirs: string): string {
  let captured = 0
  return theirs.replaceAll(/\[\]|\*/g, (token) => {
    captured += 1
    return token === '*' ? `$${captured}` : `[$${captured}]`
  })
}

/** The details of an error, with the ids of its turn under their wire names. */
function detailsOf({ taskId, responseId, ...details }: Record<string, unknown>) {
  return {
    ...details,
    ...(taskId !== undefined && { task_id: taskId }),
    ...(responseId !== undefined && { response_id: responseId }),
  }
}

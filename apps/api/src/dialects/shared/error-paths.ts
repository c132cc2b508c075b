import { type FieldError, LonghaulError } from '@longhaul/core'

/** How a dialect names what errors of the domain name. */
export type ErrorNames = {
  /**
   * Fields, by their paths in the domain: the longest beginning of a path that stands here is replaced. `[]` is any
   * index, and `*` at the end of ours is the rest of a path, which theirs may put elsewhere.
   */
  fields: Record<string, string>
  /** Ends of texts that name a field within a sentence. */
  texts?: Record<string, string>
}

/** Makes of an error of the domain what callers of a dialect read, and leaves any other as it is. */
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
    const { code, cause, status, reason, retryAfterSeconds, maybeDone } = error
    return new LonghaulError(code, messageOf(error.message, error.fields), {
      cause,
      ...(status !== undefined && { status }),
      reason,
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

/** `a[].b` as the beginning of a path, up to a `.`, a `[` or its end; the indexes and the rest are captured. */
function patternOf(ours: string): RegExp {
  const rest = ours.endsWith('*')
  const beginning = (rest ? ours.slice(0, -1) : ours).replaceAll('.', String.raw`\.`)
  const indexed = beginning.replaceAll('[]', String.raw`\[(\d+)\]`)
  return new RegExp(rest ? `^${indexed}(.*)$` : `^${indexed}(?=[.[]|$)`, 's')
}

/** The same with what was captured, in its order. */
function replacementOf(theirs: string): string {
  let captured = 0
  return theirs.replaceAll(/\[\]|\*/g, (place) => {
    captured += 1
    return place === '*' ? `$${captured}` : `[$${captured}]`
  })
}

/** Which turn an error tells of, as every reply names it. */
function detailsOf({ taskId, responseId, ...details }: Record<string, unknown>) {
  return {
    ...details,
    ...(taskId !== undefined && { task_id: taskId }),
    ...(responseId !== undefined && { response_id: responseId }),
  }
}

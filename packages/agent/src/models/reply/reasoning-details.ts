/** An object of the list `reasoning_details`, in which OpenRouter and others send the reasoning of a model. */
export type ReasoningDetail = Record<string, string | number | boolean | null>

/** Adds the objects of a chunk. A stream sends a text in pieces, which belong to one object, as does its signature. */
export function appendDetails(
  details: ReasoningDetail[],
  added: readonly Record<string, unknown>[],
): void {
  for (const detail of added.map(flat)) {
    const last = details.at(-1)
    if (last === undefined || !continues(detail, last)) details.push(detail)
    else details.splice(-1, 1, joined(last, detail))
  }
}

/** Without objects and lists, which no such object has. */
function flat(detail: Record<string, unknown>): ReasoningDetail {
  const fields = Object.entries(detail).filter(
    (field): field is [string, ReasoningDetail[string]] =>
      typeof field[1] !== 'object' || field[1] === null,
  )
  return Object.fromEntries(fields)
}

function continues({ type, index }: ReasoningDetail, last: ReasoningDetail): boolean {
  const isText = type === 'reasoning.text' || type === 'reasoning.summary'
  return isText && type === last['type'] && index === last['index']
}

/** A null of the second object adds nothing. */
function joined(first: ReasoningDetail, second: ReasoningDetail): ReasoningDetail {
  const fields = Object.entries(second).filter(([, value]) => value !== null)
  return {
    ...first,
    ...Object.fromEntries(
      fields.map(([name, value]) => {
        const before = first[name]
        const isPiece = name === 'text' || name === 'summary'
        return [name, isPiece && typeof before === 'string' ? `${before}${value}` : value]
      }),
    ),
  }
}

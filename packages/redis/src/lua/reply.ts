import { type Fields, type Parsed, type Parser, refuse } from '../connection/parser.ts'

export { list, maybe, number, oneOf, text } from '../connection/parser.ts'

type Named<F extends Fields> = { [N in keyof F]: Parsed<F[N]> }

export const bit: Parser<boolean> = (value) =>
  value === 1 || value === 0 ? value === 1 : refuse(value, '0 or 1')

export const nothing: Parser<void> = (value) => {
  if (value !== null) refuse(value, 'nothing')
}

/** Undefined for an empty text. */
export function unlessEmpty<T>(parser: Parser<T>): Parser<T | undefined> {
  return (value) => (value === '' ? undefined : parser(value))
}

/** A list whose positions have names. */
export function tuple<F extends Fields>(fields: F): Parser<Named<F>> {
  const positions = Object.entries(fields)
  return (value) => readPositions({}, positions, { value, first: 0 }) as Named<F>
}

/** A list that begins with its case, which is stored under `name` in the result. Each case has its own positions. */
export function cases<N extends string, C extends Readonly<Record<string, Fields>>>(
  name: N,
  shapes: C,
): Parser<{ [T in keyof C]: { [K in N]: T } & Named<C[T]> }[keyof C]> {
  const known = new Map<unknown, Position[]>(
    Object.entries(shapes).map(([outcome, fields]) => [outcome, Object.entries(fields)]),
  )
  return (value) => {
    const outcome: unknown = Array.isArray(value) ? value[0] : undefined
    const positions = known.get(outcome) ?? refuse(value, `a list that begins with its ${name}`)
    const result = readPositions({ [name]: outcome }, positions, { value, first: 1 })
    return result as ReturnType<ReturnType<typeof cases<N, C>>>
  }
}

type Position = [name: string, parse: Parser<unknown>]

/** Reads the positions of a list into an object. */
function readPositions(
  result: Record<string, unknown>,
  positions: Position[],
  { value, first }: { value: unknown; first: number },
): Record<string, unknown> {
  if (!Array.isArray(value) || value.length > first + positions.length)
    return refuse(value, 'a shorter list')
  let at = first
  for (const [name, parse] of positions) {
    result[name] = parse(value[at])
    at += 1
  }
  return result
}

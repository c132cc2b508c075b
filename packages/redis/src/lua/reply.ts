/** Reads a script's reply, or a part of it, and refuses what it does not know. Replies are read on busy paths, so cheaply. */
export type Parser<T> = (value: unknown) => T
type Parsed<P> = P extends Parser<infer T> ? T : never
type Fields = Readonly<Record<string, Parser<unknown>>>
type Named<F extends Fields> = { [N in keyof F]: Parsed<F[N]> }

export const text: Parser<string> = (value) =>
  typeof value === 'string' ? value : refuse(value, 'a text')

/** A number, or the digits of one. */
export const number: Parser<number> = (value) => {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^-?\d+$/.test(value)
    ? Number(value)
    : refuse(value, 'a number')
}

export const bit: Parser<boolean> = (value) =>
  value === 1 || value === 0 ? value === 1 : refuse(value, '0 or 1')

export const nothing: Parser<void> = (value) => {
  if (value !== null) refuse(value, 'nothing')
}

export function oneOf<const T extends string>(...known: T[]): Parser<T> {
  const isKnown = (value: unknown): value is T => known.some((one) => one === value)
  return (value) => (isKnown(value) ? value : refuse(value, known.join(', ')))
}

export function list<T>(item: Parser<T>): Parser<T[]> {
  return (value) => (Array.isArray(value) ? value.map(item) : refuse(value, 'a list'))
}

/** Undefined for what is missing. */
export function maybe<T>(parser: Parser<T>): Parser<T | undefined> {
  return (value) => (value == null ? undefined : parser(value))
}

/** Undefined for an empty text. */
export function unlessEmpty<T>(parser: Parser<T>): Parser<T | undefined> {
  return (value) => (value === '' ? undefined : parser(value))
}

/** A list whose places have names. */
export function tuple<F extends Fields>(fields: F): Parser<Named<F>> {
  const places = Object.entries(fields)
  return (value) => readPlaces({}, places, { value, first: 0 }) as Named<F>
}

/** A list that begins with its case, under `name` in the result; each case has places of its own. */
export function cases<N extends string, C extends Readonly<Record<string, Fields>>>(
  name: N,
  shapes: C,
): Parser<{ [T in keyof C]: { [K in N]: T } & Named<C[T]> }[keyof C]> {
  const known = new Map<unknown, Place[]>(
    Object.entries(shapes).map(([outcome, fields]) => [outcome, Object.entries(fields)]),
  )
  return (value) => {
    const outcome: unknown = Array.isArray(value) ? value[0] : undefined
    const places = known.get(outcome) ?? refuse(value, `a list that begins with its ${name}`)
    const result = readPlaces({ [name]: outcome }, places, { value, first: 1 })
    return result as ReturnType<ReturnType<typeof cases<N, C>>>
  }
}

type Place = [name: string, parse: Parser<unknown>]

/** Reads the places of a list into an object. */
function readPlaces(
  result: Record<string, unknown>,
  places: Place[],
  { value, first }: { value: unknown; first: number },
): Record<string, unknown> {
  if (!Array.isArray(value) || value.length > first + places.length)
    return refuse(value, 'a shorter list')
  let at = first
  for (const [name, parse] of places) {
    result[name] = parse(value[at])
    at += 1
  }
  return result
}

function refuse(value: unknown, expected: string): never {
  throw new TypeError(`${JSON.stringify(value)?.slice(0, 200)} is not ${expected}`)
}

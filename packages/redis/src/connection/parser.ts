/** Parses a value from Redis, and throws when its form is unknown. It runs on busy paths, so it is cheap. */
export type Parser<T> = (value: unknown) => T
export type Parsed<P> = P extends Parser<infer T> ? T : never
export type Fields = Readonly<Record<string, Parser<unknown>>>

/** The values of fields. A field that may be undefined may be absent. */
type Values<F extends Fields> = {
  [N in keyof F as undefined extends Parsed<F[N]> ? never : N]: Parsed<F[N]>
} & {
  [N in keyof F as undefined extends Parsed<F[N]> ? N : never]?: Exclude<Parsed<F[N]>, undefined>
}

export const text: Parser<string> = (value) =>
  typeof value === 'string' ? value : refuse(value, 'a text')

/** A number, or the digits of one. */
export const number: Parser<number> = (value) => {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^-?\d+$/.test(value)
    ? Number(value)
    : refuse(value, 'a number')
}

export function oneOf<const T extends string>(...known: T[]): Parser<T> {
  const isKnown = (value: unknown): value is T => known.some((one) => one === value)
  return (value) => (isKnown(value) ? value : refuse(value, known.join(', ')))
}

export function list<T>(item: Parser<T>): Parser<T[]> {
  return (value) => (Array.isArray(value) ? value.map(item) : refuse(value, 'a list'))
}

/** Undefined when the value is missing. */
export function maybe<T>(parser: Parser<T>): Parser<T | undefined> {
  return (value) => (value == null ? undefined : parser(value))
}

export const record: Parser<Record<string, unknown>> = (value) =>
  isRecord(value) ? value : refuse(value, 'an object')

/** An object with these fields. Other fields are dropped. */
export function object<F extends Fields>(fields: F): Parser<Values<F>> {
  const known = Object.entries(fields)
  return (value) => {
    const source = record(value)
    const values = known.flatMap(([name, parse]) => {
      const field = parse(source[name])
      return field === undefined ? [] : [[name, field] as const]
    })
    return Object.fromEntries(values) as Values<F>
  }
}

export function refuse(value: unknown, expected: string): never {
  throw new TypeError(`${JSON.stringify(value)?.slice(0, 200)} is not ${expected}`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

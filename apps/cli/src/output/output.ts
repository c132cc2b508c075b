import { styleText } from 'node:util'
import { safeText } from './safe-text.ts'

type Format = Parameters<typeof styleText>[0]

/** Data goes to stdout, and everything else to stderr. */
export type Output = ReturnType<typeof createOutput>

export function createOutput({ json }: { json: boolean }) {
  const { stdout, stderr } = process
  const forPeople = (text: string) => (stdout.isTTY ? safeText(text) : text)
  return {
    json,
    /** Whether a person reads stdout. */
    live: stdout.isTTY && !json,
    width: stdout.isTTY ? stdout.columns : Number.POSITIVE_INFINITY,

    /** Text of others, such as an answer. A terminal does not get its control characters. */
    write: (text: string) => stdout.write(forPeople(text)),
    print: (text: string) => stdout.write(`${forPeople(text)}\n`),
    /** A line that this program has made and styled. */
    line: (text: string) => stdout.write(`${text}\n`),
    /** One JSON document. */
    document: (value: unknown) => stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    /** One line of NDJSON. */
    entry: (value: unknown) => stdout.write(`${JSON.stringify(value)}\n`),

    note: (text: string) => stderr.write(`${stderr.isTTY ? safeText(text) : text}\n`),
    style: (format: Format, text: string) =>
      styleText(format, forPeople(text), { stream: stdout, validateStream: true }),
    styleNote: (format: Format, text: string) =>
      styleText(format, stderr.isTTY ? safeText(text) : text, {
        stream: stderr,
        validateStream: true,
      }),
    noteStyled: (text: string) => stderr.write(`${text}\n`),
  }
}

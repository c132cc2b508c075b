import { type Logger, destination, pino } from 'pino'

export type { Logger } from 'pino'

/** Takes bytes, and writes those that it holds when the process exits. */
type Destination = {
  write(line: string | Uint8Array): boolean
  flush(done?: (error?: Error) => void): void
  flushSync(): void
}

/**
 * Writes JSON lines to stdout. The lines are buffered for a moment and written asynchronously, so that no request waits
 * for a slow pipe. pino writes the rest when the process exits. They are buffered as bytes, because the text of all
 * buffered lines would be copied with each further line.
 */
export function createLogger({ name, level }: { name: string; level: string }): Logger {
  const stdout: Destination = destination({
    dest: 1,
    sync: false,
    minLength: 12_288,
    periodicFlush: 50,
    contentMode: 'buffer',
  })
  const lines = {
    write: (line: string) => void stdout.write(Buffer.from(line)),
    flush: (done?: (error?: Error) => void) => stdout.flush(done),
    flushSync: () => stdout.flushSync(),
  }
  return pino(
    {
      level,
      base: { name, pid: process.pid },
      timestamp: isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: { paths: secretPaths },
    },
    lines,
  )
}

let written = { at: 0, text: '' }

/**
 * The time of a line in the form that pino expects. It is cached, because a busy process writes many lines in one
 * millisecond.
 */
function isoTime(): string {
  const at = Date.now()
  if (at !== written.at) written = { at, text: `,"time":"${new Date(at).toISOString()}"` }
  return written.text
}

const secretNames = ['authorization', 'cookie', 'api_key', 'apiKey', 'password', 'secret', 'token']

/** Secret names at the top level, and in the fields where headers and settings are usually logged. */
const secretPaths = ['', 'headers.', 'request.headers.', 'config.'].flatMap((place) =>
  secretNames.map((name) => place + name),
)

type Described = { type: string; message: string; code?: unknown; stack?: string; cause?: unknown }

/**
 * The logged fields of an error. Other fields are left out: the error of a Redis client contains the arguments of the
 * command, such as a user's prompt.
 */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error
  const described: Described = { type: error.name, message: error.message }
  if ('code' in error) described.code = error.code
  if (error.stack !== undefined) described.stack = error.stack
  if (error.cause !== undefined && depth < 4)
    described.cause = describeError(error.cause, depth + 1)
  return described
}

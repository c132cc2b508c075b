import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Context } from '../../context.ts'
import { UsageError } from '../../failure.ts'
import { parseDuration } from '../../output/durations.ts'
import type { Given } from '../../spec.ts'

/** An option that is a duration, in milliseconds. */
export function durationOf(given: Given, option: string): number | undefined {
  const value = given.text(option)
  if (value === undefined) return undefined
  const ms = parseDuration(value)
  if (ms !== undefined) return ms
  throw new UsageError(`--${option} must be a duration such as 90s, 5m or 2h, and not "${value}"`)
}

/** An option that is a time, or how long ago that is, as a time of the API. */
export function timeAgoOf(given: Given, option: string): string | undefined {
  const value = given.text(option)
  if (value === undefined || /^\d{4}-\d\d-\d\dT/.test(value)) return value
  const ago = parseDuration(value)
  if (ago !== undefined) return new Date(Date.now() - ago).toISOString()
  throw new UsageError(
    `--${option} must be a duration such as 2h or 7d, or a time such as 2030-01-31T09:00:00Z, and not "${value}"`,
  )
}

/** The pairs of `--metadata key=value`. */
export function metadataOf(given: Given): Record<string, string> {
  const pairs = given.texts('metadata').map((pair): [string, string] => {
    const at = pair.indexOf('=')
    if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)]
    throw new UsageError(`--metadata must be key=value, and not "${pair}"`)
  })
  return Object.fromEntries(pairs)
}

/** The text of a file, or of stdin for `-`. */
export async function readInput(file: string, { cwd }: Pick<Context, 'cwd'>): Promise<string> {
  if (file === '-') return await readStdin()
  try {
    return await readFile(resolve(cwd, file), 'utf8')
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

/** The message of a command line; stdin for `-` or nothing. */
export async function readMessage(given = '-'): Promise<string> {
  if (given === '-' && process.stdin.isTTY) {
    throw new UsageError('there is no message', 'Add it as the last argument, or pipe it in.')
  }
  const message = given === '-' ? (await readStdin()).replace(/\n$/, '') : given
  if (message.trim() === '') throw new UsageError('the message is empty')
  return message
}

export async function readStdin(): Promise<string> {
  return await text(process.stdin)
}

export function parseJson(value: string, name: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    throw new UsageError(`${name} must be JSON`)
  }
}

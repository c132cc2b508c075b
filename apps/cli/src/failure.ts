import { ApiError, ConnectionError, WaitError } from '@longhaul/client'
import type { Connection } from './config/connection.ts'
import { exitCodes } from './exit-codes.ts'

/** An end of a command with a message for people. */
export class Failure extends Error {
  readonly exitCode: number
  /** What to do about it. */
  readonly hint: string | undefined

  constructor(
    message: string,
    { exitCode = exitCodes.failed, hint }: { exitCode?: number; hint?: string } = {},
  ) {
    super(message)
    this.exitCode = exitCode
    this.hint = hint
  }
}

export class UsageError extends Failure {
  constructor(message: string, hint?: string) {
    super(message, { exitCode: exitCodes.usage, ...(hint !== undefined && { hint }) })
  }
}

/** The first Ctrl-C. */
export class Interrupted extends Failure {
  constructor() {
    super('interrupted', { exitCode: exitCodes.interrupted })
  }
}

/** The failure that an error means. An error of this program itself stays as it is. */
export function failureOf(error: unknown, connection?: Connection): Failure | undefined {
  if (error instanceof Failure) return error
  if (error instanceof WaitError) {
    return new Failure(`${error.message}. It continues.`, { exitCode: exitCodes.timeout })
  }
  if (error instanceof ConnectionError) {
    const hint = `Does Longhaul run there? \`npm start\` starts it. The URL is ${connection?.urlFrom ?? 'unknown'}.`
    const exitCode = error.timedOut ? exitCodes.timeout : exitCodes.failed
    return new Failure(error.message, { exitCode, hint })
  }
  if (error instanceof ApiError) return failureOfReply(error, connection)
  return undefined
}

function failureOfReply(error: ApiError, connection: Connection | undefined): Failure {
  const { status, code, requestId, message } = error
  if (status === 401 || status === 403) {
    const { keyFrom, url = '' } = connection ?? {}
    const hint =
      keyFrom === undefined
        ? `No key is known for ${url}. Set LONGHAUL_API_KEY, or run \`longhaul login\`.`
        : `The key is ${keyFrom}. Set another one, or run \`longhaul login\`.`
    return new Failure(message, { exitCode: exitCodes.auth, hint })
  }
  const hint = requestId === undefined ? undefined : `request ${requestId}, ${status} ${code}`
  const exitCode =
    { 400: exitCodes.usage, 404: exitCodes.notFound, 504: exitCodes.timeout }[status] ??
    exitCodes.failed
  return new Failure(message, { exitCode, ...(hint !== undefined && { hint }) })
}

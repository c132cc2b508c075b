import { type Client, createClient } from '@longhaul/client'
import type { Connection } from './config/connection.ts'
import { findConnection } from './config/find-connection.ts'
import { exitCodes } from './exit-codes.ts'
import { Failure, UsageError } from './failure.ts'
import { parseDuration } from './output/durations.ts'
import { createOutput, type Output } from './output/output.ts'

/** What every command may use. */
export type Context = {
  out: Output
  env: NodeJS.ProcessEnv
  /** The folder in which the command was called. */
  cwd: string
  /** The folder of Longhaul's checkout. */
  checkout: string
  /** Aborted by the first Ctrl-C. The second ends the process. */
  interrupted: AbortSignal
  /** Whether a person can be asked: both ends are terminals, and neither `CI` nor `--yes` is set. */
  interactive: boolean
  yes: boolean
  connection: () => Promise<Connection>
  client: () => Promise<Client>
  /** The same for what only the operator may do. */
  operator: () => Promise<Client>
}

export type GlobalOptions = {
  json?: boolean
  yes?: boolean
  url?: string
  key?: string
  profile?: string
  requestTimeout?: string
}

type Surroundings = {
  env: NodeJS.ProcessEnv
  cwd: string
  checkout: string
  interrupted: AbortSignal
}

export function createContext(options: GlobalOptions, around: Surroundings): Context {
  const { env, cwd, checkout } = around
  const { url, key, profile } = options
  const flags = {
    ...(url !== undefined && { url }),
    ...(key !== undefined && { key }),
    ...(profile !== undefined && { profile }),
  }
  let found: Promise<Connection> | undefined
  const connection = () => (found ??= findConnection({ flags, env, cwd, checkout }))
  const yes = options.yes === true
  const client = async () => {
    const timeoutMs = timeoutOf(options)
    const { url: address, key: own, operatorKey } = await connection()
    return createClient({
      url: address,
      ...(own !== undefined && { key: own }),
      ...(operatorKey !== undefined && { operatorKey }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    })
  }
  return {
    ...around,
    out: createOutput({ json: options.json === true }),
    yes,
    interactive: process.stdin.isTTY && process.stderr.isTTY && !env['CI'] && !yes,
    connection,
    client,
    async operator() {
      const { operatorKey, key: own, url: address } = await connection()
      if (operatorKey !== undefined || own !== undefined) return await client()
      throw new Failure(`this needs the operator key of ${address}`, {
        exitCode: exitCodes.auth,
        hint: 'Set LONGHAUL_OPERATOR_KEY to that of the API.',
      })
    },
  }
}

function timeoutOf({ requestTimeout: text }: GlobalOptions): number | undefined {
  const ms = text === undefined ? undefined : parseDuration(text)
  if (text === undefined || ms !== undefined) return ms
  throw new UsageError(`--request-timeout must be a duration such as 10s, and not "${text}"`)
}

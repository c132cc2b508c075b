import { fileURLToPath } from 'node:url'
import { commands } from './commands/index.ts'
import { exitCodes } from './exit-codes.ts'
import type { Context, GlobalOptions } from './context.ts'
import type { CommandSpec, Given } from './spec.ts'

/** Runs a command, reports its failure and resolves with the exit code. The rest of the program is loaded only now. */
export async function perform(
  spec: CommandSpec,
  given: Given,
  options: GlobalOptions,
): Promise<number> {
  const { createContext } = await import('./context.ts')
  const { InvalidArgumentError } = await import('commander')
  const { failureOf, Interrupted } = await import('./failure.ts')
  const interrupt = new AbortController()
  process.on('SIGINT', () => {
    if (interrupt.signal.aborted) process.exit(exitCodes.interrupted)
    interrupt.abort(new Interrupted())
  })
  const context: Context = createContext(options, {
    env: process.env,
    cwd: process.env['LONGHAUL_CWD'] ?? process.cwd(),
    checkout: fileURLToPath(new URL('../../..', import.meta.url)),
    interrupted: interrupt.signal,
  })
  const { out } = context
  try {
    const action = await spec.load()
    await action(given, context, commands)
    return exitCodes.ok
  } catch (error) {
    if (error instanceof InvalidArgumentError) {
      out.note(`longhaul: ${error.message}`)
      return exitCodes.usage
    }
    const connection = await context.connection().catch(() => undefined)
    const failure = failureOf(error, connection)
    if (failure === undefined) throw error
    const { exitCode } = failure
    if (failure instanceof Interrupted) return exitCode
    out.noteStyled(
      `${out.styleNote('red', 'longhaul:')} ${out.styleNote('reset', failure.message)}`,
    )
    if (failure.hint !== undefined) out.noteStyled(out.styleNote('dim', failure.hint))
    return exitCode
  }
}

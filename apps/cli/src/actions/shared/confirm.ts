import type { Context } from '../../context.ts'
import { Interrupted, UsageError } from '../../failure.ts'

/** Asks before something is deleted. Without a terminal, `--yes` is the answer. */
export async function confirm(question: string, { interactive, yes }: Context): Promise<void> {
  if (yes) return
  if (!interactive) throw new UsageError('nothing is deleted without a terminal', 'Add --yes.')
  const prompts = await import('@clack/prompts')
  const answer = await prompts.confirm({
    message: question,
    initialValue: false,
    output: process.stderr,
  })
  if (answer !== true) throw new Interrupted()
}

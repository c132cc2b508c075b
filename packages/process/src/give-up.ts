/** Says in one line why this process cannot do its work, and ends it. */
export function exitWithReason(reason: string): never {
  process.stderr.write(`${reason}\n`)
  process.exit(1)
}

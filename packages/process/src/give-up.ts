/** Prints one line with the reason why this process cannot work, and exits. */
export function exitWithReason(reason: string): never {
  process.stderr.write(`${reason}\n`)
  process.exit(1)
}

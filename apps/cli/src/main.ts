// stdout may be a pipe that closes early, as in `longhaul tasks log … | head`. That is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

const words = process.argv.slice(2)
const end = words.indexOf('--')
const asksHelp = (end === -1 ? words : words.slice(0, end)).some((word) =>
  /^(-h|--help)$/.test(word),
)
if (asksHelp || words.length === 0 || words[0] === 'help') {
  // Help needs nothing of what the commands need, so it is fast.
  const { helpFor } = await import('./help.ts')
  process.stdout.write(`${helpFor(words[0] === 'help' ? words.slice(1) : words)}\n`)
} else {
  const { runProgram } = await import('./program.ts')
  process.exitCode = await runProgram(words)
}

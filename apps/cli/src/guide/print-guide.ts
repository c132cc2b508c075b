import { renderGuide } from './render-guide.ts'

// Writes the page of the documentation: `node apps/cli/src/guide/print-guide.ts > docs/guides/command-line.md`.
process.stdout.write(renderGuide())

import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { renderGuide } from './render-guide.ts'

const page = new URL('../../../../docs/guides/command-line.md', import.meta.url)

test('the page of the commands is up to date', async () => {
  const command = 'node apps/cli/src/guide/print-guide.ts > docs/guides/command-line.md'
  expect(await readFile(page, 'utf8'), `Run \`${command}\`.`).toBe(renderGuide())
})

import { expect } from 'vitest'
import { blocksOf, read } from './documents.ts'
import { runExamples, test } from './examples.fixture.ts'

test('the examples of the command line work as pasted into a shell', async ({ env }) => {
  const page = 'docs/guides/command-line.md'
  expect(blocksOf(read(page)).filter(({ flags }) => flags !== '')).toEqual([])
  await runExamples(page, env)
})

import { runExamples, test } from './examples.fixture.ts'

test('the examples of the command line work as pasted into a shell', async ({ env }) => {
  await runExamples('docs/guides/command-line.md', env)
})

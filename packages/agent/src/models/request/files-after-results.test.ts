import type { Message } from '@longhaul/core'
import { expect, test } from 'vitest'
import { withResultFiles } from '../vendor.fixture.ts'
import { filesAfterResults } from './files-after-results.ts'

const isImage = ({ mimeType }: { mimeType: string }) => mimeType.startsWith('image/')

test('files that a result cannot hold follow the results', () => {
  expect(filesAfterResults(withResultFiles, isImage).slice(2)).toMatchObject([
    { role: 'tool', results: [{ callId: 'c1', files: [{ mimeType: 'image/png' }] }, {}] },
    { role: 'user', parts: [{ kind: 'text' }, { mimeType: 'application/pdf' }] },
  ])
  expect(filesAfterResults(withResultFiles, () => true)).toEqual(withResultFiles)
})

test('an error is a text for every vendor, so its files follow the results', () => {
  const failed = withResultFiles.map((message): Message =>
    message.role === 'tool'
      ? { role: 'tool', results: message.results.map((result) => ({ ...result, failed: true })) }
      : message,
  )
  const [, , results, files] = filesAfterResults(failed, () => true)
  expect(JSON.stringify(results)).not.toContain('"files"')
  expect(files).toMatchObject({ role: 'user', parts: [{ kind: 'text' }, {}, {}] })
})

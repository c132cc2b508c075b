import { readFile } from 'node:fs/promises'
import { workerTest } from '@longhaul/testbed'
import { expect } from 'vitest'
import {
  digestOf,
  type OpenApiDocument,
  reduceDocument,
} from '../../scripts/client-types/reduce-document.ts'

const types = new URL('../../packages/client/src/openapi.d.ts', import.meta.url)

workerTest('the types of the client are those of the document', async ({ cluster }) => {
  const response = await fetch(`${cluster.url}/openapi.json`)
  const document = reduceDocument((await response.json()) as OpenApiDocument)
  const [, digest] = /^\/\/ document (\w+)$/m.exec(await readFile(types, 'utf8')) ?? []
  expect(digest, 'Run `npm run client-types`, and commit what it writes.').toBe(digestOf(document))
})

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('the generator writes exactly the types of the client', async ({ onTestFinished }) => {
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-types-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const output = join(folder, 'openapi.d.ts')
  const program = 'scripts/client-types/generate-types.ts'
  await promisify(execFile)(process.execPath, [program, output])
  const [made, kept] = [output, 'packages/client/src/openapi.d.ts']
  expect((await readFile(made, 'utf8')) === (await readFile(kept, 'utf8'))).toBe(true)
})

import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { installVersion } from './install-version.ts'

const say = () => {}
const installed = async () =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('longhaul-version-'))

test('an unknown version is refused with advice', async ({ signal }) => {
  await expect(installVersion('no-such-version', { say, signal })).rejects.toThrow(
    'this repository has no version "no-such-version": name a branch, a tag or a commit, ' +
      'such as main, HEAD~3 or a hash',
  )
})

test('a version that begins like an option is refused', async ({ signal }) => {
  await expect(installVersion('--all', { say, signal })).rejects.toThrow('no version "--all"')
})

test('an installation that is stopped leaves nothing behind', async () => {
  const before = await installed()
  const stop = new AbortController()
  const stopped = installVersion('HEAD', { say: () => stop.abort(), signal: stop.signal })
  await expect(stopped).rejects.toThrow('abort')
  expect(await installed()).toEqual(before)
})

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findConnection } from './find-connection.ts'

async function folderWith(files: Record<string, object>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-config-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), JSON.stringify(content))
  }
  return folder
}

const started = { url: 'http://started', key: 'started-key' }
const profiles = {
  current: 'one',
  profiles: {
    one: { url: 'http://one', key: 'one-key' },
    two: { url: 'http://two', key: 'two-key' },
  },
}

async function find(over: { flags?: object; env?: object; files?: Record<string, object> }) {
  const files = { '.data/command-line.json': started, ...over.files }
  const folder = await folderWith(files)
  const env = { XDG_CONFIG_HOME: folder, ...over.env }
  const { url, key } = await findConnection({
    flags: { ...over.flags },
    env,
    cwd: folder,
    checkout: folder,
  })
  return [url, key]
}

const logins = { 'longhaul/config.json': profiles }

test('flags precede the environment, profiles and what npm start started', async () => {
  const env = { LONGHAUL_URL: 'http://env/', LONGHAUL_API_KEY: 'env-key' }
  expect(await find({})).toEqual(['http://started', 'started-key'])
  expect(await find({ files: logins })).toEqual(['http://one', 'one-key'])
  expect(await find({ files: logins, env })).toEqual(['http://env', 'env-key'])
  const flags = { url: 'http://flag', key: 'flag-key' }
  expect(await find({ files: logins, env, flags })).toEqual(['http://flag', 'flag-key'])
  const { LONGHAUL_URL: _, ...keyOnly } = env
  expect(await find({ env: keyOnly })).toEqual(['http://started', 'env-key'])
})

test('a profile is chosen by a flag, the environment or a file of the project', async () => {
  expect(await find({ files: logins, flags: { profile: 'two' } })).toEqual([
    'http://two',
    'two-key',
  ])
  expect(await find({ files: logins, env: { LONGHAUL_PROFILE: 'two' } })).toEqual([
    'http://two',
    'two-key',
  ])
  const files = { ...logins, '.longhaul.json': { profile: 'two', url: 'http://other' } }
  expect(await find({ files })).toEqual(['http://two', 'two-key'])
  await expect(find({ files: logins, flags: { profile: 'three' } })).rejects.toThrow(
    'there is no profile three',
  )
})

test('a key in a file is not sent to another address', async () => {
  expect(await find({ files: logins, flags: { url: 'http://other' } })).toEqual([
    'http://other',
    undefined,
  ])
  expect(await find({ env: { LONGHAUL_URL: 'http://other' } })).toEqual(['http://other', undefined])
})

import { mkdir, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { readJson } from './json-file.ts'

/** A server that the user has logged in to. */
export type Profile = { url?: string; key?: string; operatorKey?: string }
export type Profiles = { current?: string; profiles: Record<string, Profile> }

export async function readProfiles(env: NodeJS.ProcessEnv): Promise<Profiles> {
  const file = await readJson<Partial<Profiles>>(profilesFile(env))
  return { ...file, profiles: file?.profiles ?? {} }
}

/** Writes the profiles. Only the user can read them, because they contain keys. */
export async function writeProfiles(env: NodeJS.ProcessEnv, profiles: Profiles): Promise<void> {
  const path = profilesFile(env)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const part = `${path}.${process.pid}`
  await writeFile(part, `${JSON.stringify(profiles, null, 2)}\n`, { mode: 0o600 })
  await rename(part, path)
}

export function profilesFile(env: NodeJS.ProcessEnv): string {
  const folder = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config')
  return join(folder, 'longhaul/config.json')
}

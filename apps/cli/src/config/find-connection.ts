import { dirname, join } from 'node:path'
import { UsageError } from '../failure.ts'
import type { Connection } from './connection.ts'
import { readJson } from './json-file.ts'
import { type Profile, readProfiles } from './profiles.ts'

export type ConnectionInput = {
  flags: { url?: string; key?: string; profile?: string }
  env: NodeJS.ProcessEnv
  cwd: string
  /** The folder of Longhaul's checkout. `npm start` writes the address and the keys there. */
  checkout: string
}

type Place = Profile & { from: string; isFile?: true }

/** The address that `npm start` uses by default. */
const defaultUrl = 'http://127.0.0.1:3000'

/**
 * Finds the server: flags, then the environment, then a profile, then what `npm start` started. A key in a file is sent
 * to the address in the same file only.
 */
export async function findConnection(input: ConnectionInput): Promise<Connection> {
  const places = await placesOf(input)
  const { url = defaultUrl, from: urlFrom = 'the default' } =
    places.find((place) => place.url !== undefined) ?? {}
  const usable = places.filter((place) => place.isFile === undefined || place.url === url)
  const withKey = usable.find(({ key }) => key !== undefined)
  const operatorKey = usable.find((place) => place.operatorKey !== undefined)?.operatorKey
  return {
    url,
    urlFrom,
    ...(withKey?.key !== undefined && { key: withKey.key, keyFrom: withKey.from }),
    ...(operatorKey !== undefined && { operatorKey }),
  }
}

async function placesOf({ flags, env, cwd, checkout }: ConnectionInput): Promise<Place[]> {
  const fromFlags = { ...pick(flags.url, flags.key), from: 'from the flags' }
  const fromEnv = {
    ...pick(env['LONGHAUL_URL'], env['LONGHAUL_API_KEY'], env['LONGHAUL_OPERATOR_KEY']),
    from: 'from the environment',
  }
  const { current, profiles } = await readProfiles(env)
  const asked = flags.profile ?? env['LONGHAUL_PROFILE'] ?? (await projectProfile(cwd)) ?? current
  const profile = asked === undefined ? undefined : named(asked, profiles)
  const started = await readJson<Profile>(join(checkout, '.data/command-line.json'))
  const files: Place[] = [
    ...(profile ? [{ ...profile, from: `from the profile ${asked}`, isFile: true as const }] : []),
    ...(started ? [{ ...started, from: 'from `npm start`', isFile: true as const }] : []),
  ]
  // A profile that a flag names is meant, whatever the environment has.
  return flags.profile === undefined
    ? [fromFlags, fromEnv, ...files]
    : [fromFlags, ...files, fromEnv]
}

/** The profile that `.longhaul.json` names, in this folder or one above it. The file holds no address and no key. */
async function projectProfile(folder: string): Promise<string | undefined> {
  const file = await readJson<{ profile?: string }>(join(folder, '.longhaul.json'))
  if (file?.profile !== undefined) return file.profile
  const parent = dirname(folder)
  return parent === folder ? undefined : await projectProfile(parent)
}

function named(name: string, profiles: Record<string, Profile>): Profile {
  const profile = profiles[name]
  if (profile !== undefined) return profile
  throw new UsageError(`there is no profile ${name}`, `Run \`longhaul login --profile ${name}\`.`)
}

function pick(url?: string, key?: string, operatorKey?: string): Profile {
  return {
    ...(url !== undefined && url !== '' && { url: url.replace(/\/+$/, '') }),
    ...(key !== undefined && key !== '' && { key }),
    ...(operatorKey !== undefined && operatorKey !== '' && { operatorKey }),
  }
}

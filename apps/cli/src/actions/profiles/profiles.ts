import { readProfiles, writeProfiles } from '../../config/profiles.ts'
import type { Context } from '../../context.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import type { Given } from '../../spec.ts'

export async function listProfiles(_: Given, { env, out }: Context): Promise<void> {
  const { current, profiles } = await readProfiles(env)
  const list = Object.entries(profiles).map(([name, { url = '' }]) => ({
    name,
    url,
    current: name === current,
  }))
  if (out.json) return void out.document(list)
  if (list.length === 0) return void out.note('No profile. `longhaul login` makes one.')
  for (const profile of list) {
    out.print(`${profile.current ? '*' : ' '} ${profile.name}  ${profile.url}`)
  }
}

export async function useProfile(
  { args: [name = ''] }: Given,
  { env, out }: Context,
): Promise<void> {
  const { profiles } = await readProfiles(env)
  if (profiles[name] === undefined) throw noProfile(name)
  await writeProfiles(env, { current: name, profiles })
  out.print(name)
}

export async function deleteProfile(
  { args: [name = ''] }: Given,
  { env, out }: Context,
): Promise<void> {
  const { current, profiles } = await readProfiles(env)
  if (profiles[name] === undefined) throw noProfile(name)
  const { [name]: _, ...kept } = profiles
  const still = current === name ? Object.keys(kept)[0] : current
  await writeProfiles(env, { ...(still !== undefined && { current: still }), profiles: kept })
  out.print(`${name} deleted`)
}

function noProfile(name: string): Failure {
  return new Failure(`there is no profile ${name}`, { exitCode: exitCodes.notFound })
}

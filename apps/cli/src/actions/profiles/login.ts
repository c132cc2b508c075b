import { createClient } from '@longhaul/client'
import { profilesFile, readProfiles, writeProfiles } from '../../config/profiles.ts'
import type { Context } from '../../context.ts'
import { Interrupted, UsageError } from '../../failure.ts'
import type { Given } from '../../spec.ts'
import { readStdin } from '../shared/read-options.ts'

/** Checks a key and keeps it. Nothing is written if the server refuses the key. */
export async function login(given: Given, context: Context): Promise<void> {
  const { env, out, interrupted: signal } = context
  const connection = await context.connection().catch(() => undefined)
  const url = given.text('url') ?? connection?.url ?? ''
  const asked = await keysOf(given, context, url)
  const { key, operatorKey } = asked
  const client = createClient({ url: asked.url, key, ...(operatorKey && { operatorKey }) })
  await client.limits.get({ signal })
  if (operatorKey) await client.admin.overview({ signal })
  const name = given.text('profile') ?? 'default'
  const { profiles } = await readProfiles(env)
  const profile = { url: asked.url, key, ...(operatorKey && { operatorKey }) }
  await writeProfiles(env, { current: name, profiles: { ...profiles, [name]: profile } })
  if (out.json) out.document({ profile: name, url: asked.url })
  else out.print(`logged in to ${asked.url} as profile ${name}`)
  out.note(`The key is in ${profilesFile(env)}.`)
}

type Keys = { url: string; key: string; operatorKey: string | undefined }

async function keysOf(given: Given, { interactive }: Context, url: string): Promise<Keys> {
  const flag = given.text('key')
  if (given.flag('keyStdin') || given.flag('operatorKeyStdin')) {
    const lines = (await readStdin()).split('\n').map((line) => line.trim())
    const [key = flag, operatorKey] = given.flag('keyStdin') ? lines : [flag, lines[0]]
    if (!key) throw new UsageError('stdin has no key')
    return { url, key, operatorKey: operatorKey || undefined }
  }
  if (flag !== undefined) return { url, key: flag, operatorKey: undefined }
  if (!interactive)
    throw new UsageError('there is no terminal to ask for the key', 'Add --key-stdin.')
  const prompts = await import('@clack/prompts')
  const output = process.stderr
  const address = await prompts.text({ message: 'Address of the API', initialValue: url, output })
  if (prompts.isCancel(address)) throw new Interrupted()
  const key = await prompts.password({ message: 'API key', output })
  if (prompts.isCancel(key)) throw new Interrupted()
  if (!key) throw new UsageError('there is no key')
  return { url: address.replace(/\/+$/, ''), key, operatorKey: undefined }
}

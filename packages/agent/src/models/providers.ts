import { isModelName } from '@longhaul/core'
import { anthropic } from './anthropic.ts'
import { demo } from './demo.ts'
import { google } from './google.ts'
import { openaiCompatible } from './openai-compatible.ts'
import type { Provider, ReturnReasoning, Server } from './provider.ts'

/** Each has a key and a base URL in the environment, such as `OPENAI_API_KEY` and `OPENAI_BASE_URL`. */
const vendors = {
  OPENAI: { connect: openaiCompatible, url: 'https://api.openai.com/v1' },
  ANTHROPIC: { connect: anthropic, url: 'https://api.anthropic.com/v1' },
  GOOGLE: { connect: google, url: 'https://generativelanguage.googleapis.com/v1beta' },
} as const

type Vendor = keyof typeof vendors

export type ProviderEnvironment = {
  [variable in `${Vendor}_API_KEY` | `${Vendor}_BASE_URL`]?: string | undefined
} & {
  LONGHAUL_PROVIDERS?:
    | Record<string, Server & { returnReasoning?: ReturnReasoning | undefined }>
    | undefined
}

/**
 * The providers that an environment names, and the simulated one. Throws an Error that names the
 * variable when a base URL or a provider's name cannot be used.
 */
export function providersFromEnvironment(environment: ProviderEnvironment): Map<string, Provider> {
  const providers = new Map([['demo', demo]])
  for (const vendor of Object.keys(vendors) as Vendor[]) {
    const apiKey = nonEmpty(environment[`${vendor}_API_KEY`])
    const baseUrl = nonEmpty(environment[`${vendor}_BASE_URL`])
    if (apiKey === undefined && baseUrl === undefined) continue
    const { connect, url } = vendors[vendor]
    const usableUrl = usable(baseUrl ?? url, `${vendor}_BASE_URL`)
    providers.set(vendor.toLowerCase(), connect({ baseUrl: usableUrl, apiKey }))
  }
  for (const [name, settings] of Object.entries(environment.LONGHAUL_PROVIDERS ?? {})) {
    if (name.includes('/') || !isModelName(name)) {
      throw new Error(`LONGHAUL_PROVIDERS: "${name}" cannot name a provider`)
    }
    const url = usable(settings.baseUrl, `LONGHAUL_PROVIDERS: base_url of "${name}"`)
    const apiKey = nonEmpty(settings.apiKey)
    providers.set(name, openaiCompatible({ ...settings, baseUrl: url, apiKey }))
  }
  return providers
}

/** The environment variables that configure a model's provider, as text. */
export function variablesOf(provider: string): string {
  const vendor = provider.toUpperCase()
  return provider !== vendor && Object.hasOwn(vendors, vendor)
    ? `${vendor}_API_KEY or ${vendor}_BASE_URL`
    : 'LONGHAUL_PROVIDERS'
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim()
}

function usable(url: string, variable: string): string {
  const protocol = URL.parse(url)?.protocol
  if (protocol === 'http:' || protocol === 'https:') return url
  throw new Error(`${variable} must be an http or https URL`)
}

import { demo } from './demo.ts'
import { openaiCompatible } from './openai-compatible.ts'
import type { Provider } from './provider.ts'

export type ProviderEnvironment = {
  OPENAI_API_KEY?: string | undefined
  OPENAI_BASE_URL?: string | undefined
  LONGHAUL_PROVIDERS?: Record<string, { baseUrl: string; apiKey?: string | undefined }> | undefined
}

/**
 * The providers that an environment names, and the simulated one. Throws an Error that names the
 * variable when a base URL or a provider's name cannot be used.
 */
export function providersFromEnvironment(environment: ProviderEnvironment): Map<string, Provider> {
  const providers = new Map([['demo', demo]])
  const apiKey = given(environment.OPENAI_API_KEY)
  const baseUrl = given(environment.OPENAI_BASE_URL)
  if (apiKey !== undefined || baseUrl !== undefined) {
    const url = baseUrl ?? 'https://api.openai.com/v1'
    providers.set('openai', openaiCompatible({ baseUrl: usable(url, 'OPENAI_BASE_URL'), apiKey }))
  }
  for (const [name, settings] of Object.entries(environment.LONGHAUL_PROVIDERS ?? {})) {
    if (name === '' || name.includes('/')) {
      throw new Error(`LONGHAUL_PROVIDERS: "${name}" cannot name a provider`)
    }
    const url = usable(settings.baseUrl, `LONGHAUL_PROVIDERS: base_url of "${name}"`)
    providers.set(name, openaiCompatible({ baseUrl: url, apiKey: given(settings.apiKey) }))
  }
  return providers
}

function given(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim()
}

function usable(url: string, variable: string): string {
  const protocol = URL.parse(url)?.protocol
  if (protocol === 'http:' || protocol === 'https:') return url
  throw new Error(`${variable} must be an http or https URL`)
}

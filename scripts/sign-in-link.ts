type Options = { url: string; key: string; signal: AbortSignal }

/** Creates a link that signs a browser in to the dashboard, once. */
export const signInLink = async ({ url, key, signal }: Options): Promise<string> => {
  const response = await fetch(`${url}/v2/sign-in-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  })
  const body = (await response.json()) as { url?: string; message?: string }
  if (body.url !== undefined) return new URL(body.url, url).href
  throw new Error(`no sign-in link was created: ${body.message ?? response.status}`)
}

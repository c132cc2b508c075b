/** Adds the version of the vendor's API to a base URL that has none. */
export function versionedUrl(baseUrl: string, version: string): string {
  const url = baseUrl.replace(/\/+$/, '')
  return /\/v\d\w*$/.test(url) ? url : `${url}/${version}`
}
